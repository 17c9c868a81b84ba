/// Reads the Python literal that an NPY header is, strictly: a dictionary of exactly the three keys that the format has,
/// in any order.
struct NPYHeaderScanner {
  /// What a header says.
  struct Fields {
    let dtype: NPYDType
    let isFortranOrder: Bool
    let extents: [Int]
  }

  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private let end: Int
  private let file: String

  /// Reads the text in `range` of a file's bytes.
  init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>, file: String) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.file = file
  }

  /// Reads the dictionary, behind which only space may stand.
  mutating func fields() throws(FormatError) -> Fields {
    var dtype: NPYDType?
    var isFortranOrder: Bool?
    var extents: [Int]?
    let start = position
    try expect("{", "'{'")
    var isSeparated = true
    while !takeAfterSpace("}") {
      if !isSeparated { throw unexpected("',' or '}'") }
      let keyPosition = position
      let key = try string("a key or '}'")
      var isRepeated = false
      try expectAfterSpace(":", "':'")
      skipSpace()
      switch key {
      case "descr":
        isRepeated = dtype != nil
        dtype = try self.dtype()
      case "fortran_order":
        isRepeated = isFortranOrder != nil
        isFortranOrder = try boolean()
      case "shape":
        isRepeated = extents != nil
        extents = try tuple()
      default:
        throw failure(
          at: keyPosition, "key \(FormatError.quoted(key)) is unknown, expected descr, fortran_order and shape")
      }
      if isRepeated { throw failure(at: keyPosition, "key '\(key)' is repeated, expected it once") }
      isSeparated = takeAfterSpace(",")
    }
    skipSpace()
    if position < end { throw unexpected("only space to the end of the header") }
    guard let dtype else { throw failure(at: start, "header has no descr, expected one") }
    guard let isFortranOrder else { throw failure(at: start, "header has no fortran_order, expected one") }
    guard let extents else { throw failure(at: start, "header has no shape, expected one") }
    return Fields(dtype: dtype, isFortranOrder: isFortranOrder, extents: extents)
  }

  private mutating func dtype() throws(FormatError) -> NPYDType {
    let start = position
    let kinds = NPYDType.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    if position < end, bytes[position] == UInt8(ascii: "[") {
      throw failure(at: start, "descr is a list of fields, expected one of \(kinds) with its byte order")
    }
    let text = try string("an element type in quotation marks")
    if let dtype = NPYDType(text) { return dtype }
    throw failure(
      at: start,
      "descr is \(FormatError.quoted(text)), \(NPYDType.contents(of: text)), expected one of \(kinds) with its byte order"
    )
  }

  private mutating func boolean() throws(FormatError) -> Bool {
    for (word, value) in [("True", true), ("False", false)]
    where UnsafeRawBufferPointer(rebasing: bytes[position..<end]).starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw unexpected("True or False")
  }

  /// Reads a tuple of integers, where `(3)` is none.
  private mutating func tuple() throws(FormatError) -> [Int] {
    try expect("(", "'('")
    var extents: [Int] = []
    var isSeparated = true
    while !takeAfterSpace(")") {
      if !isSeparated { throw unexpected("',' or ')'") }
      if extents.count == NPYHeader.largestRank {
        throw failure(at: position, "shape goes on, expected at most \(NPYHeader.largestRank) extents")
      }
      extents.append(try integer())
      isSeparated = takeAfterSpace(",")
      if extents.count == 1 && !isSeparated { throw unexpected("',', which makes a tuple of one extent") }
    }
    return extents
  }

  private mutating func integer() throws(FormatError) -> Int {
    let start = position
    var value = 0
    while position < end, (0x30...0x39).contains(bytes[position]) {
      let (tens, overflowing) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(bytes[position] - 0x30))
      if overflowing || carry { throw failure(at: start, "extent is too large, expected at most \(Int.max)") }
      value = sum
      position += 1
    }
    if position == start { throw unexpected("an extent, zero or more, or ')'") }
    if position > start + 1, bytes[start] == 0x30 {
      throw failure(at: start, "extent starts with 0, expected no leading zeros")
    }
    // As Python 2 wrote long integers.
    if position < end, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }

  /// Reads a string without escapes, which none of the format's has.
  private mutating func string(_ expected: String) throws(FormatError) -> String {
    guard position < end, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(bytes[position]) else {
      throw unexpected(expected)
    }
    let mark = bytes[position]
    let start = position + 1
    guard let close = bytes[start..<end].firstIndex(of: mark) else {
      throw failure(at: position, "string does not end, expected '\(Unicode.Scalar(mark))'")
    }
    position = close + 1
    // No string of the format is long, and a message shows no more of another.
    return String(decoding: bytes[start..<min(close, start + 100)], as: UTF8.self)
  }

  private mutating func skipSpace() {
    while position < end, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func takeAfterSpace(_ token: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < end, Unicode.Scalar(bytes[position]) == token else { return false }
    position += 1
    return true
  }

  private mutating func expectAfterSpace(_ token: Unicode.Scalar, _ expected: String) throws(FormatError) {
    skipSpace()
    try expect(token, expected)
  }

  private mutating func expect(_ token: Unicode.Scalar, _ expected: String) throws(FormatError) {
    guard position < end, Unicode.Scalar(bytes[position]) == token else { throw unexpected(expected) }
    position += 1
  }

  private func unexpected(_ expected: String) -> FormatError {
    let found: String
    if position == end {
      found = "header ends"
    } else if (0x20..<0x7F).contains(bytes[position]) {
      found = "found '\(Unicode.Scalar(bytes[position]))'"
    } else {
      found = "found 0x" + String(bytes[position], radix: 16, uppercase: true)
    }
    return failure(at: position, "\(found), expected \(expected)")
  }

  private func failure(at position: Int, _ problem: String) -> FormatError {
    FormatError(.badData, file: file, place: "byte \(position)", problem)
  }
}
