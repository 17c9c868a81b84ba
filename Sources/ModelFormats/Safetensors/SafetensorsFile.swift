import Foundation
import TensorCore

/// A file of named tensors in the safetensors format, open for reading.
///
///     let file = try SafetensorsFile(path: "model.safetensors")
///     let weights = try file.tensor(named: "conv1.weight")
///
/// Opening reads and checks the header alone; elements are read, from the mapped file, when their tensor is asked for.
/// The header is held to the letter of the format: every field known and present, no key twice, and tensors that cover
/// the data without overlap or hole. A file that another process shortens while it is open ends this process, as with
/// every mapped file; one that is replaced by renaming, as ``AtomicFile`` does, stays as it was.
///
/// The format: <https://huggingface.co/docs/safetensors>.
public struct SafetensorsFile: Sendable {
  /// The file's path, or the name it was given.
  public let name: String

  /// The names of the tensors in the order of their data.
  public let tensorNames: [String]

  /// The free text that the file holds under `__metadata__`; empty if it has none.
  public let metadata: [String: String]

  private let entries: [String: SafetensorsEntry]
  private let data: Data
  private let dataStart: Int
  private let allowingNonfinite: Bool

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - allowingNonfinite: whether tensors may hold NaN and infinities.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/noInput`` if the file cannot be read,
  ///   ``FormatError/Kind/badData`` if its header is not as the format demands.
  public init(path: String, allowingNonfinite: Bool = false) throws(FormatError) {
    try self.init(data: InputFile.contents(of: path), name: path, allowingNonfinite: allowingNonfinite)
  }

  /// Opens a file whose bytes are in memory.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - name: what errors call the file.
  ///   - allowingNonfinite: whether tensors may hold NaN and infinities.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if the header is not as the format demands.
  public init(data: Data, name: String, allowingNonfinite: Bool = false) throws(FormatError) {
    let header = try data.withUnsafeBytes { bytes in
      Result { () throws(FormatError) in try SafetensorsHeader(bytes, file: name) }
    }.get()
    self.name = name
    self.data = data
    self.allowingNonfinite = allowingNonfinite
    tensorNames = header.names
    metadata = header.metadata
    entries = header.entries
    dataStart = header.dataStart
  }

  /// What the header says of a tensor, or nil if the file holds none of that name.
  public func info(_ name: String) -> SafetensorsEntry? {
    entries[name]
  }

  /// Reads a tensor; half-precision elements become the `Float` of the same value.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if the file holds no tensor of that name, if its
  ///   type is not ``SafetensorsDType/isReadable``, or if an element is NaN or infinite and that is not allowed.
  /// - Complexity: O(elements), and their `Float`s are allocated.
  public func tensor(named tensorName: String) throws(FormatError) -> Tensor {
    let entry = try entry(tensorName)
    let tensor = try Tensor(uninitialized: entry.shape, initializingWith: reader(of: entry, named: tensorName))
    if !allowingNonfinite { try tensor.checkFinite(file: name, place: "tensor \(FormatError.quoted(tensorName))") }
    return tensor
  }

  /// A tensor's elements as they stand in the file: row-major, little-endian, of any type and any value;
  /// a slice, whose indices need not start at 0.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if the file holds no tensor of that name.
  /// - Complexity: O(1); the file's memory is shared.
  public func bytes(named tensorName: String) throws(FormatError) -> Data {
    let entry = try entry(tensorName)
    let start = data.startIndex + dataStart
    return data[start + entry.byteRange.lowerBound..<start + entry.byteRange.upperBound]
  }

  /// Reads a tensor as an array, row-major; as ``tensor(named:)`` does.
  func floats(named tensorName: String) throws(FormatError) -> [Float] {
    let entry = try entry(tensorName)
    let read = try reader(of: entry, named: tensorName)
    let count = entry.shape.elementCount
    let floats = [Float](unsafeUninitializedCapacity: count) { elements, initializedCount in
      read(UnsafeMutableBufferPointer(rebasing: elements[..<count]))
      initializedCount = count
    }
    if !allowingNonfinite {
      try FormatError.checkFinite(floats, file: name, place: "tensor \(FormatError.quoted(tensorName))")
    }
    return floats
  }

  /// What the header says of a tensor that must be there.
  func entry(_ tensorName: String) throws(FormatError) -> SafetensorsEntry {
    if let entry = entries[tensorName] { return entry }
    throw missing(tensorName)
  }

  /// What writes every element of a tensor as a `Float`.
  private func reader(
    of entry: SafetensorsEntry, named tensorName: String
  ) throws(FormatError) -> (UnsafeMutableBufferPointer<Float>) -> Void {
    switch entry.dtype {
    case .f32: { read(entry, into: $0) { (bits: UInt32) in bits } }
    case .f16: { read(entry, into: $0, widening: HalfPrecision.widenF16) }
    case .bf16: { read(entry, into: $0, widening: HalfPrecision.widenBF16) }
    default:
      throw FormatError(
        .badData, file: name, place: "tensor \(FormatError.quoted(tensorName))",
        "dtype is \(entry.dtype.rawValue), expected F32, F16 or BF16")
    }
  }

  /// Reads elements one by one, since nothing aligns them in the file.
  private func read<Bits: FixedWidthInteger>(
    _ entry: SafetensorsEntry, into elements: UnsafeMutableBufferPointer<Float>, widening widen: (Bits) -> UInt32
  ) {
    data.withUnsafeBytes { bytes in
      let start = dataStart + entry.byteRange.lowerBound
      let source = UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.byteRange.count])
      for index in elements.indices {
        let bits = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.stride, as: Bits.self)
        elements.initializeElement(at: index, to: Float(bitPattern: widen(Bits(littleEndian: bits))))
      }
    }
  }

  private func missing(_ tensorName: String) -> FormatError {
    // As many as a line has room for.
    let shown = tensorNames.prefix(4).map(FormatError.quoted).joined(separator: ", ")
    let choice =
      switch tensorNames.count {
      case 0: "but the file is empty"
      case ...4: "expected one of \(shown)"
      default: "expected one of \(tensorNames.count), such as \(shown)"
      }
    return FormatError(.badData, file: name, "has no tensor \(FormatError.quoted(tensorName)), \(choice)")
  }
}
