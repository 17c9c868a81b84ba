import Foundation
import TensorCore
import Testing

import ModelFormats

@Suite struct TextScannerTests {
  /// What a scanner reads as one number that fills its line.
  private func float(_ text: String, mustBeInteger: Bool = false) throws(FormatError) -> Float {
    try TextScanner.scan(Data(text.utf8), file: "f") { (scanner) throws(FormatError) in
      let value = try scanner.float("a number", mustBeInteger: mustBeInteger)
      try scanner.endLine()
      return value
    }
  }

  private func integer(_ text: String) throws(FormatError) -> Int {
    try TextScanner.scan(Data(text.utf8), file: "f") { (scanner) throws(FormatError) in
      let value = try scanner.integer("a count")
      try scanner.endLine()
      return value
    }
  }

  @Test(arguments: [
    "1", "-1.5e-3", "1.e5", ".5", "-.5e1", "+3", "0", "-0", "00012", "1e0005", "1E+5", "1e-400", "1e400", "-1e400",
    "3.4028235e38", "3.40282357e38", "3.4028236e38", "1e-45", "7e-46", "7.1e-46", "1.17549435e-38", "1.1754942e-38",
    "16777217", "16777219", "33554434", "0.1", "123456789012345678901234567890", "0.000000000000000000000000000001",
    "1.000000059604644775390625", "1.00000005960464477539062500000000000000000000000001",
    "1.0000000596046447753906249999999999999999999999999", "179769313486231570000e20", "1e39",
    "99999999999999999999e-3",
    "0e999999999999999999999", "1e-999999999999999999999", "000000000000000000000000000000000000001.5",
  ])
  func aNumberIsRoundedAsTheLibraryRoundsIt(text: String) throws {
    let expected = try #require(Float(text))
    #expect(try float(text).bitPattern == expected.bitPattern)
  }

  @Test func randomNumbersAreRoundedAsTheLibraryRoundsThem() throws {
    let seed: UInt64 = 31
    var generator = SeededGenerator(seed: seed)
    var text = ""
    var expected: [Float] = []
    for index in 0..<200_000 {
      let number = Self.randomNumber(index, using: &generator)
      expected.append(try #require(Float(number), "seed \(seed): \(number)"))
      text += number + "\n"
    }
    let lines = text.split(separator: "\n")
    let read = try TextScanner.scan(Data(text.utf8), file: "f") { (scanner) throws(FormatError) in
      var values: [Float] = []
      for _ in lines {
        values.append(try scanner.float("a number"))
        try scanner.endLine()
      }
      return values
    }
    #expect(read.count == expected.count)
    for (index, (got, want)) in zip(read, expected).enumerated() where got.bitPattern != want.bitPattern {
      Issue.record("seed \(seed): \(lines[index]) is read as \(got), expected \(want)")
    }
  }

  /// Numbers of every kind: any digits; a `Float` and a `Double` as they are printed; and the middle between two
  /// neighbouring `Float`s, exactly, and a little beside it.
  private static func randomNumber(_ index: Int, using generator: inout SeededGenerator) -> String {
    let sign = ["", "-", "+"][generator.nextIndex(below: 3)]
    let float = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()) & 0x7FFF_FFFF)
    switch index % 5 {
    case 0:
      let digits = (0...generator.nextIndex(below: 25)).map { _ in "\(generator.nextIndex(below: 10))" }
      let point = generator.nextIndex(below: digits.count + 1)
      let text = digits[..<point].joined() + "." + digits[point...].joined()
      let exponent = generator.nextIndex(below: 110) - 60
      return sign + text + (generator.nextIndex(below: 2) == 0 ? "" : "e\(exponent)")
    case 1: return sign + (float.isFinite ? "\(float)" : "1")
    case 2:
      let double = Double(float) * (1 + Double(generator.nextUnit()) * 1e-7)
      return sign + (double.isFinite ? "\(double)" : "1")
    default:
      guard float.isFinite, float.nextUp.isFinite else { return "1" }
      let middle = Decimal(Double(float)) / 2 + Decimal(Double(float.nextUp)) / 2
      // Where Foundation's decimal number has not the digits it is near the middle, which is as good.
      if index % 5 == 3 || !(1e-3..<1e9).contains(float) {
        return sign + "\((Double(float) + Double(float.nextUp)) / 2)"
      }
      return sign + "\(middle)" + (generator.nextIndex(below: 2) == 0 ? "" : "0000000001")
    }
  }

  @Test(arguments: ["nan", "NaN", "-nan", "NAN", "+nan"]) func aNaNIsRead(text: String) throws {
    #expect(try float(text).isNaN)
  }

  @Test(arguments: ["inf", "Inf", "+inf", "Infinity", "INFINITY"]) func anInfinityIsRead(text: String) throws {
    #expect(try float(text) == .infinity)
    if !text.hasPrefix("+") { #expect(try float("-" + text) == -.infinity) }
  }

  @Test(arguments: [
    "", ".", "-", "+", "+-3", "--1", "1e", "1e+", "1.e", "e5", "1d5", "0x10", "1_0", "1,5", "1f", "- 1", "nan(1)", "in",
    "infinit", "-e", "1.2.3", "1e5.", "\u{661}",
  ])
  func whatIsNoNumberIsRefused(text: String) {
    let found = text.isEmpty ? "file ends" : "found '\(text.split(separator: " ").first ?? "")'"
    #expect(throws: FormatError(.badData, file: "f", place: "line 1", "\(found), expected a number")) {
      try float(text)
    }
  }

  @Test func integersHaveNeitherPointNorExponent() throws {
    #expect(try float("-12", mustBeInteger: true) == -12)
    #expect(try float("+16777219", mustBeInteger: true) == 16_777_220)
    for text in ["1.0", "1e3", "1.", "nan", "inf", ".5"] {
      #expect(throws: FormatError(.badData, file: "f", place: "line 1", "found '\(text)', expected a number")) {
        try float(text, mustBeInteger: true)
      }
    }
  }

  @Test func aNumberThatFillsTheFileIsRefused() throws {
    #expect(try float("0." + String(repeating: "0", count: 40) + "1").bitPattern == Float(1e-41).bitPattern)
    let long = "1" + String(repeating: "0", count: 1_000)
    let problem = "number is 1001 bytes long, expected at most 1000"
    #expect(throws: FormatError(.badData, file: "f", place: "line 1", problem)) { try float(long) }
  }

  @Test func countsAreReadUpToTheLargest() throws {
    #expect(try integer(" \t0012\r") == 12)
    #expect(try integer("9223372036854775807") == .max)
    #expect(try integer("000000000000000000000000000000007") == 7)
    let large = "found '9223372036854775808', expected at most 9223372036854775807"
    #expect(throws: FormatError(.badData, file: "f", place: "line 1", large)) { try integer("9223372036854775808") }
    for text in ["-1", "+1", "1.0", "a", "1a", "1,"] {
      #expect(throws: FormatError(.badData, file: "f", place: "line 1", "found '\(text)', expected a count")) {
        try integer(text)
      }
    }
  }

  @Test func linesAreCounted() throws {
    let text = "one two\r\n\n \t\n  three\nfour"
    try TextScanner.scan(Data(text.utf8), file: "f") { (scanner) throws(FormatError) in
      #expect(scanner.word() == "one" && scanner.word() == "two" && scanner.word() == "")
      #expect(scanner.isAtLineEnd && scanner.line == 1)
      #expect(scanner.skipEmptyLines() && scanner.line == 4)
      #expect(scanner.unexpected("x").description == "f: line 4: found 'three', expected x")
      scanner.skipLine()
      #expect(scanner.line == 5 && scanner.remainingByteCount == 4)
      #expect(scanner.take("f") && !scanner.take("f") && scanner.word() == "our")
      #expect(!scanner.skipEmptyLines() && scanner.word() == "")
      #expect(scanner.unexpected("x").description == "f: line 5: file ends, expected x")
      try scanner.endLine()
      scanner.skipLine()
      #expect(scanner.line == 5)
    }
  }

  @Test func whatIsFoundIsShownShort() throws {
    for text in [String(repeating: "x", count: 100_000), "\u{1B}[31m", "\u{0}\u{FF}"] {
      let error = #expect(throws: FormatError.self) { try float(text) }
      #expect((error?.description.count ?? 1_000) < 150 && error?.description.contains("\u{1B}") == false)
    }
  }
}
