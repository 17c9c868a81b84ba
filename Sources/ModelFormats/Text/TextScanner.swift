import Foundation

/// Reads numbers, words and lines from the bytes of a text file, and knows the line for an error.
///
/// Lines end with a line feed or with the file; blanks are spaces, tabs and carriage returns, so that files from Windows
/// need no rule of their own. Words and numbers end with a blank or with their line.
package struct TextScanner {
  /// A number of more bytes than this is refused where it needs the slow way, so that none can cost memory or time.
  package static let longestNumber = 1_000

  /// Where the next byte is read.
  package private(set) var position: Int
  /// The number of the line that is read, from 1.
  package private(set) var line: Int

  private let bytes: UnsafeRawBufferPointer
  private let powers: UnsafeBufferPointer<Double>
  private let file: String

  /// Calls `body` with a scanner of a file's bytes, which starts at `position`, in line `line`, and is good for no
  /// longer than the call.
  package static func scan<Result>(
    _ data: Data, file: String, position: Int = 0, line: Int = 1,
    _ body: (inout TextScanner) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    try data.withUnsafeBytes { bytes in
      DecimalFloat.powers.withUnsafeBufferPointer { powers in
        var scanner = TextScanner(position: position, line: line, bytes: bytes, powers: powers, file: file)
        return Swift.Result { () throws(FormatError) in try body(&scanner) }
      }
    }.get()
  }

  /// The bytes that are left.
  package var remainingByteCount: Int { bytes.count - position }

  /// Whether the next byte ends the line, or the file has ended.
  @inline(__always)
  package var isAtLineEnd: Bool { current == Byte.lineFeed }

  /// Skips blanks; never leaves the line.
  @inline(__always)
  package mutating func skipBlanks() {
    while position < bytes.count, Byte.isBlank(bytes[position]) { position += 1 }
  }

  /// Goes on to the first word of this line or of a later one.
  ///
  /// - Returns: false if nothing but blanks and empty lines is left.
  @inline(__always)
  package mutating func skipEmptyLines() -> Bool {
    while true {
      skipBlanks()
      guard isAtLineEnd else { return true }
      guard position < bytes.count else { return false }
      position += 1
      line += 1
    }
  }

  /// Goes on to the next line, whatever is left of this one.
  @inline(__always)
  package mutating func skipLine() {
    while position < bytes.count, bytes[position] != Byte.lineFeed { position += 1 }
    if position < bytes.count {
      position += 1
      line += 1
    }
  }

  /// Goes on to the next line, if nothing but blanks is left of this one.
  @inline(__always)
  package mutating func endLine(_ expected: @autoclosure () -> String = "the end of the line") throws(FormatError) {
    skipBlanks()
    guard isAtLineEnd else { throw unexpected(expected()) }
    if position < bytes.count {
      position += 1
      line += 1
    }
  }

  /// Takes a byte if it is the next.
  @inline(__always)
  package mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  /// Reads the next word of the line, of which no more than its first thousand bytes are kept; empty at the line's end.
  package mutating func word() -> String {
    skipBlanks()
    let start = position
    while position < bytes.count, !Byte.isDelimiter(bytes[position]) { position += 1 }
    return text(start..<min(position, start + 1_000))
  }

  /// Reads an integer, zero or more, in decimal digits; skips blanks before it.
  ///
  /// - Parameters:
  ///   - expected: what the number is, for the error.
  ///   - isBeforeComma: whether a comma may follow it.
  @inline(__always)
  package mutating func integer(
    _ expected: @autoclosure () -> String, isBeforeComma: Bool = false
  ) throws(FormatError) -> Int {
    skipBlanks()
    let start = position
    var value = 0
    while position < bytes.count, let digit = Byte.digit(bytes[position]) {
      // Eighteen digits always fit; a number of more that may not is looked at more closely.
      value = value &* 10 &+ digit
      position += 1
    }
    guard position > start, isAtDelimiter || isBeforeComma && current == UInt8(ascii: ",") else {
      position = start
      throw unexpected(expected())
    }
    return position - start <= 18 ? value : try longInteger(start..<position)
  }

  /// Reads a decimal number and rounds it to the nearest `Float`, ties to even; skips blanks before it. Also NaN and
  /// infinities: the words `nan`, `inf` and `infinity` in any case, and numbers that are too large for a `Float`.
  ///
  /// The number may have a sign, digits, a point before, among or behind them, and an exponent after `e` or `E`; if it
  /// must be an integer, only a sign and digits.
  @inline(__always)
  package mutating func float(
    _ expected: @autoclosure () -> String, mustBeInteger: Bool = false
  ) throws(FormatError) -> Float {
    skipBlanks()
    let start = position
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    var decimal = Decimal()
    var digitCount = digits(into: &decimal, exponentStep: 0)
    if !mustBeInteger, take(".") { digitCount += digits(into: &decimal, exponentStep: -1) }
    if !mustBeInteger, digitCount > 0, current | 0x20 == UInt8(ascii: "e") { exponent(into: &decimal) }
    guard digitCount > 0, decimal.isWhole, isAtDelimiter else {
      if !mustBeInteger, let value = nonfinite(start: start) { return value }
      position = start
      throw unexpected(expected())
    }
    if let value = DecimalFloat.nearest(mantissa: decimal.mantissa, exponent: decimal.exponent, powers: powers) {
      return isNegative ? -value : value
    }
    return try longFloat(start..<position, expected())
  }

  /// An error of the line that is read.
  package func failure(_ problem: String, line: Int? = nil) -> FormatError {
    FormatError(.badData, file: file, place: "line \(line ?? self.line)", problem)
  }

  /// An error that names the next word, or what is there in its place.
  @inline(never)
  package func unexpected(_ expected: String) -> FormatError {
    var ahead = self
    let word = ahead.word()
    let end = position >= bytes.count ? "file ends" : "line ends"
    return failure("\(word.isEmpty ? end : "found \(FormatError.quoted(word))"), expected \(expected)")
  }
}

extension TextScanner {
  /// A decimal number on its way from the text.
  private struct Decimal {
    var mantissa: Int64 = 0
    var exponent = 0
    /// False where an exponent has no digits.
    var isWhole = true
  }

  /// The next byte; a line feed at the end of the file, which ends the last line.
  @inline(__always)
  private var current: UInt8 { position < bytes.count ? bytes[position] : Byte.lineFeed }

  @inline(__always)
  private var isAtDelimiter: Bool { Byte.isDelimiter(current) }

  /// Reads digits before the point (step 0) or behind it (step -1) and returns how many there are.
  @inline(__always)
  private mutating func digits(into decimal: inout Decimal, exponentStep: Int) -> Int {
    let start = position
    while position < bytes.count, let digit = Byte.digit(bytes[position]) {
      if decimal.mantissa < DecimalFloat.mantissaLimit {
        decimal.mantissa = decimal.mantissa &* 10 &+ Int64(digit)
        decimal.exponent += exponentStep
      } else {
        decimal.exponent += exponentStep + 1
      }
      position += 1
    }
    return position - start
  }

  /// Reads `e`, a sign and digits.
  @inline(__always)
  private mutating func exponent(into decimal: inout Decimal) {
    position += 1
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    let start = position
    var exponent = 0
    while position < bytes.count, let digit = Byte.digit(bytes[position]) {
      // Anything as large as this is beyond every Float.
      if exponent < 1_000_000 { exponent = exponent * 10 + digit }
      position += 1
    }
    decimal.isWhole = position > start
    decimal.exponent += isNegative ? -exponent : exponent
  }

  @inline(never)
  private func longInteger(_ range: Range<Int>) throws(FormatError) -> Int {
    var value = 0
    for byte in bytes[range] {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Byte.digit(byte) ?? 0)
      if overflow || carry {
        let shown = FormatError.quoted(text(range.lowerBound..<min(range.upperBound, range.lowerBound + 100)))
        throw failure("found \(shown), expected at most \(Int.max)")
      }
      value = sum
    }
    return value
  }

  /// The library's way for the few numbers that ``DecimalFloat`` cannot decide.
  @inline(never)
  private func longFloat(_ range: Range<Int>, _ expected: String) throws(FormatError) -> Float {
    if range.count > Self.longestNumber {
      throw failure("number is \(range.count) bytes long, expected at most \(Self.longestNumber)")
    }
    guard let value = Float(text(range)) else {
      var before = self
      before.position = range.lowerBound
      throw before.unexpected(expected)
    }
    return value
  }

  @inline(never)
  private mutating func nonfinite(start: Int) -> Float? {
    position = start
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    if Byte.isDelimiter(current) { return nil }
    switch word().lowercased() {
    case "nan": return .nan
    case "inf", "infinity": return isNegative ? -.infinity : .infinity
    default: return nil
    }
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }
}

/// What a byte is in a text of numbers.
private enum Byte {
  static let lineFeed = UInt8(ascii: "\n")

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  @inline(__always)
  static func isDelimiter(_ byte: UInt8) -> Bool { byte == lineFeed || isBlank(byte) }

  @inline(__always)
  static func digit(_ byte: UInt8) -> Int? {
    let value = byte &- UInt8(ascii: "0")
    return value < 10 ? Int(value) : nil
  }
}
