import TensorCore

/// The header of a safetensors file, checked against the size of the data that follows it.
struct SafetensorsHeader {
  /// The most bytes that the format allows a header, so that a damaged length cannot exhaust the memory.
  static let largestByteCount = 100_000_000

  /// NumPy and PyTorch have no more extents.
  static let largestRank = 64

  /// The bytes that a text, a tensor and an extent take at most in tables, for the moment at which these grow included.
  private static let (byteCountOfText, byteCountOfTensor, byteCountOfExtent) = (288, 448, 24)

  /// The bytes before the header, which hold its length.
  static let lengthByteCount = 8

  static let metadataKey = "__metadata__"

  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [String: SafetensorsEntry] = [:]
  /// The tensors' names in the order of their data.
  private(set) var names: [String] = []
  /// Where the data starts in the file.
  let dataStart: Int

  private let file: String
  /// How many bytes the tables of names may still take.
  private var tableBudget: Int

  /// Reads the header at the start of a file's bytes.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(FormatError) {
    self.file = file
    // Texts take up to twice the header, while one is decoded; the tables may take as much and a little more, so that
    // all together stays under four times the file and 1 MiB.
    tableBudget = 2 * bytes.count + 1_000_000
    let lengthByteCount = Self.lengthByteCount
    guard bytes.count >= lengthByteCount else {
      throw FormatError(
        .badData, file: file,
        "is \(bytes.count) bytes long, expected at least the \(lengthByteCount) of a header length")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    if length > UInt64(Self.largestByteCount) {
      throw Self.failure(
        file, "byte 0", "header length is \(length), expected at most \(Self.largestByteCount)")
    }
    let rest = bytes.count - lengthByteCount
    if length > UInt64(rest) {
      throw Self.failure(file, "byte 0", "header length is \(length), expected at most the \(rest) bytes that follow")
    }
    dataStart = lengthByteCount + Int(length)
    let header = UnsafeRawBufferPointer(rebasing: bytes[lengthByteCount..<dataStart])
    var scanner = JSONScanner(header, file: file, fileOffset: lengthByteCount)
    try scanner.object { (scanner, key) throws(FormatError) in
      if key == Self.metadataKey {
        try scanner.object { (scanner, key) throws(FormatError) in
          try takeFromBudget(Self.byteCountOfText)
          metadata[key] = try scanner.string()
        }
      } else {
        let entry = try Self.entry(named: key, from: &scanner, file: file)
        try takeFromBudget(Self.byteCountOfTensor + entry.shape.rank * Self.byteCountOfExtent)
        entries[key] = entry
        names.append(key)
      }
    }
    try scanner.end()
    try orderNames(dataByteCount: bytes.count - dataStart)
  }

  /// Refuses a header of very many entries with nearly no data, whose tables would take many times the file.
  private mutating func takeFromBudget(_ byteCount: Int) throws(FormatError) {
    tableBudget -= byteCount
    if tableBudget < 0 {
      throw FormatError(
        .badData, file: file,
        "header goes on after \(entries.count) tensors and \(metadata.count) texts, expected fewer in so small a file")
    }
  }

  /// Reads and checks what the header says of one tensor.
  private static func entry(
    named name: String, from scanner: inout JSONScanner, file: String
  ) throws(FormatError) -> SafetensorsEntry {
    let place = "tensor \(FormatError.quoted(name))"
    var dtypeName: String?
    var dimensions: [Int]?
    var offsets: [Int]?
    try scanner.object { (scanner, key) throws(FormatError) in
      switch key {
      case "dtype": dtypeName = try scanner.string()
      case "shape": dimensions = try scanner.integers(atMost: Self.largestRank)
      case "data_offsets": offsets = try scanner.integers(atMost: Self.largestRank)
      default:
        throw failure(
          file, place, "field \(FormatError.quoted(key)) is unknown, expected only dtype, shape and data_offsets")
      }
    }
    guard let dtypeName else { throw failure(file, place, "has no dtype, expected one") }
    guard let dimensions else { throw failure(file, place, "has no shape, expected one") }
    guard let offsets else { throw failure(file, place, "has no data_offsets, expected them") }
    guard let dtype = SafetensorsDType(rawValue: dtypeName) else {
      let known = SafetensorsDType.allCases.map(\.rawValue).joined(separator: ", ")
      throw failure(file, place, "dtype is \(FormatError.quoted(dtypeName)), expected one of \(known)")
    }
    let shape: Shape
    do throws(ShapeError) { shape = try Shape(validating: dimensions) } catch {
      throw failure(file, place, error.description)
    }
    guard offsets.count == 2 else {
      throw failure(file, place, "data_offsets has \(offsets.count) elements, expected 2")
    }
    guard offsets[0] <= offsets[1] else {
      throw failure(file, place, "data_offsets is \(offsets), expected a beginning that is not after the end")
    }
    let (bits, overflow) = shape.elementCount.multipliedReportingOverflow(by: dtype.bitWidth)
    if overflow { throw failure(file, place, "shape \(shape) is too large for elements of \(dtype.rawValue)") }
    guard bits % 8 == 0 else {
      throw failure(file, place, "shape \(shape) of \(dtype.rawValue) takes \(bits) bits, expected whole bytes")
    }
    guard offsets[1] - offsets[0] == bits / 8 else {
      throw failure(
        file, place,
        "data_offsets is \(offsets), expected a span of \(bits / 8) bytes for shape \(shape) of \(dtype.rawValue)")
    }
    return SafetensorsEntry(dtype: dtype, shape: shape, byteRange: offsets[0]..<offsets[1])
  }

  /// Puts the names into the order of the data, and checks that the tensors cover the data without overlap or hole:
  /// bytes that belong to no tensor, or to two, are damage or something hidden.
  private mutating func orderNames(dataByteCount: Int) throws(FormatError) {
    var ordered: [(name: String, range: Range<Int>)] = []
    for name in names {
      if let entry = entries[name] { ordered.append((name, entry.byteRange)) }
    }
    // By the end too, for a tensor without elements stands before the one whose data begins there. The sort is stable.
    ordered.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    var previous = "the start of the data"
    for (name, range) in ordered {
      let quoted = FormatError.quoted(name)
      if range.upperBound > dataByteCount {
        throw Self.failure(
          file, "tensor \(quoted)", "data_offsets ends at \(range.upperBound), expected at most \(dataByteCount)")
      }
      if range.lowerBound != end {
        throw Self.failure(
          file, "tensor \(quoted)", "data_offsets begins at \(range.lowerBound), expected \(end), \(previous)")
      }
      end = range.upperBound
      previous = "the end of tensor \(quoted)"
    }
    if end != dataByteCount {
      throw Self.failure(
        file, "byte \(dataStart + end)", "\(dataByteCount - end) bytes belong to no tensor, expected none")
    }
    names = ordered.map(\.name)
  }

  private static func failure(_ file: String, _ place: String, _ problem: String) -> FormatError {
    FormatError(.badData, file: file, place: place, problem)
  }
}
