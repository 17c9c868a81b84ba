import Foundation
import TensorCore
import TestSupport
import Testing

import ModelFormats

@Suite struct TextOutputTests {
  private func text(_ value: Float) -> String {
    String(decoding: TextOutput.data { $0.append(value) }, as: UTF8.self)
  }

  @Test(arguments: [
    (Float(1), "1"), (-0.0, "-0"), (0.1, "0.1"), (-2.5, "-2.5"), (16_777_216, "16777216"), (1e10, "1e+10"),
    (.leastNonzeroMagnitude, "1e-45"), (.greatestFiniteMagnitude, "3.4028235e+38"), (.nan, "nan"),
    (Float(bitPattern: 0xFFC0_0001), "nan"), (.signalingNaN, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
  ])
  func valuesArePrintedShort(value: Float, expected: String) {
    #expect(text(value) == expected)
  }

  @Test func everyValueReadsBack() throws {
    var generator = SeededGenerator(seed: 8)
    for _ in 0..<20_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      let read = try TextScanner.scan(Data(text(value).utf8), file: "f") { (scanner) throws(FormatError) in
        try scanner.float("a number")
      }
      #expect(read.bitPattern == value.bitPattern || read.isNaN && value.isNaN)
    }
  }

  @Test func aLongFileIsWrittenInPieces() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("long")
    let write = { (output: inout TextOutput<FormatError>) throws(FormatError) in
      for index in 0..<400_000 {
        try output.append(index)
        try output.append("\n")
      }
    }
    let peak = try peakAllocatedByteCount { try TextOutput.write(to: path, write) }
    #expect(try contents(of: path).count == 2_688_890)
    #expect(try contents(of: path).hasSuffix("\n399998\n399999\n"))
    if let peak { #expect(peak < 1_200_000) }
  }
}

extension Data {
  fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count) == Data(text.utf8) }
}
