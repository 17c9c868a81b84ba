/// Reads the JSON that a safetensors header may hold, strictly: objects without repeated keys, arrays, strings and
/// integers from zero.
///
/// Foundation's parser accepts repeated keys, of which another reader of the same file may believe the other one. The
/// caller asks for what its schema has at each place, so nothing nests deeper than the schema and nothing recurses.
struct JSONScanner {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private let file: String
  private let fileOffset: Int

  /// Reads `bytes`, which are at `fileOffset` in `file` and outlive the scanner; errors give positions in the file.
  init(_ bytes: UnsafeRawBufferPointer, file: String, fileOffset: Int) {
    self.bytes = bytes
    self.file = file
    self.fileOffset = fileOffset
  }

  /// Reads an object; `member` is called with each key and must read the value.
  ///
  /// Keys which differ only in how they compose a letter are one key, as they are one `String`.
  mutating func object(
    _ member: (inout JSONScanner, String) throws(FormatError) -> Void
  ) throws(FormatError) {
    try expect("{", "'{'")
    if takeAfterSpace("}") { return }
    var keys = Set<String>()
    repeat {
      skipSpace()
      let start = position
      let key = try string("a key")
      if !keys.insert(key).inserted {
        throw failure(at: start, "key \(FormatError.quoted(key)) is repeated, expected it once")
      }
      skipSpace()
      try expect(":", "':'")
      skipSpace()
      try member(&self, key)
    } while takeAfterSpace(",")
    try expect("}", "',' or '}'")
  }

  /// Reads an array of no more than `limit` integers.
  mutating func integers(atMost limit: Int) throws(FormatError) -> [Int] {
    try expect("[", "'['")
    if takeAfterSpace("]") { return [] }
    var result: [Int] = []
    repeat {
      skipSpace()
      if result.count == limit { throw unexpected("at most \(limit) integers") }
      result.append(try integer())
    } while takeAfterSpace(",")
    try expect("]", "',' or ']'")
    return result
  }

  /// Reads a string and decodes its escapes.
  mutating func string(_ expected: String = "a string") throws(FormatError) -> String {
    let start = position
    try expect("\"", expected)
    var decoded: [UInt8] = []
    // The whole of a long text at once, since an array that grows is two arrays for a while.
    decoded.reserveCapacity((bytes[position...].firstIndex(of: UInt8(ascii: "\"")) ?? position) - position)
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: decoded, as: UTF8.self) else {
          throw failure(at: start, "string is not valid UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        try decoded.append(contentsOf: escape())
      case ..<0x20:
        throw failure(at: position, "found \(shown(byte)) in a string, expected it escaped")
      default:
        decoded.append(byte)
        position += 1
      }
    }
    throw failure(at: position, "header ends in a string, expected '\"'")
  }

  /// Checks that nothing but spaces is left.
  mutating func end() throws(FormatError) {
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: " ") else { throw unexpected("only spaces to the end of the header") }
      position += 1
    }
  }

  private mutating func integer() throws(FormatError) -> Int {
    let start = position
    var value = 0
    while position < bytes.count, let digit = decimalDigit(bytes[position]) {
      let (tens, overflowing) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(digit)
      if overflowing || carry { throw failure(at: start, "number is too large, expected at most \(Int.max)") }
      value = sum
      position += 1
    }
    if position == start { throw unexpected("an integer, zero or more") }
    if position > start + 1, bytes[start] == UInt8(ascii: "0") {
      throw failure(at: start, "number starts with 0, expected no leading zeros")
    }
    if position < bytes.count, [".", "e", "E"].contains(Unicode.Scalar(bytes[position])) {
      throw unexpected("an integer without fraction and exponent")
    }
    return value
  }

  /// Reads what follows a backslash.
  private mutating func escape() throws(FormatError) -> [UInt8] {
    let start = position
    guard position < bytes.count else { throw unexpected("an escape sequence") }
    position += 1
    switch Unicode.Scalar(bytes[start]) {
    case "\"", "\\", "/": return [bytes[start]]
    case "b": return [0x08]
    case "f": return [0x0C]
    case "n": return [0x0A]
    case "r": return [0x0D]
    case "t": return [0x09]
    case "u":
      var units = [try hexadecimalUnit()]
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: Array("\\u".utf8)) {
        position += 2
        units.append(try hexadecimalUnit())
      }
      guard let decoded = String(validating: units, as: UTF16.self) else {
        throw failure(at: start - 1, "escape is half of a surrogate pair, expected both")
      }
      return Array(decoded.utf8)
    default:
      position = start
      throw unexpected("an escape sequence")
    }
  }

  private mutating func hexadecimalUnit() throws(FormatError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func takeAfterSpace(_ token: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, Unicode.Scalar(bytes[position]) == token else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ token: Unicode.Scalar, _ expected: String) throws(FormatError) {
    guard position < bytes.count, Unicode.Scalar(bytes[position]) == token else { throw unexpected(expected) }
    position += 1
  }

  private func unexpected(_ expected: String) -> FormatError {
    let found = position < bytes.count ? "found \(shown(bytes[position]))" : "header ends"
    return failure(at: position, "\(found), expected \(expected)")
  }

  private func failure(at position: Int, _ problem: String) -> FormatError {
    FormatError(.badData, file: file, place: "byte \(fileOffset + position)", problem)
  }

  private func shown(_ byte: UInt8) -> String {
    (0x20..<0x7F).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "0x" + String(byte, radix: 16, uppercase: true)
  }

  private func decimalDigit(_ byte: UInt8) -> Int? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
  }
}
