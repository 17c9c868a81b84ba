import Foundation
import ModelFormats
import TestSupport
import Testing

@Suite struct ImageRefusalTests {
  private static let good = pngBytes(width: 3, height: 2, rows: [1, 2, 3, 4, 5, 6])

  /// A file of a header alone, which claims these extents.
  private static func claim(_ width: UInt32, _ height: UInt32, depth: UInt8 = 8, type: UInt8 = 2) -> Data {
    pngSignature + pngChunk("IHDR", bigEndianBytes([width, height]) + [depth, type, 0, 0, 0])
      + pngChunk("IDAT", zlibBytes(Data(count: 10)))
  }

  static let refusals = [
    Refusal(Data(), "is neither PNG nor JPEG, expected one of them"),
    Refusal(Data("GIF89a".utf8), "is neither PNG nor JPEG, expected one of them"),
    Refusal(pngSignature.prefix(7), "is neither PNG nor JPEG, expected one of them"),
    Refusal(claim(16_385, 1), "image has 1 rows of 16385 pixels, expected 1 to 16384 of each"),
    Refusal(claim(1, 16_385), "image has 16385 rows of 1 pixels, expected 1 to 16384 of each"),
    Refusal(
      claim(16_384, 16_384),
      "16384 rows of 16384 pixels take 805322752 bytes, expected at most \(claim(1, 1).count * 1_032) in a file of \(claim(1, 1).count)"
    ),
    Refusal(
      claim(16_384, 16_384, depth: 1, type: 0),
      "16384 rows of 16384 pixels take 33570816 bytes, expected at most \(claim(1, 1).count * 1_032) in a file of \(claim(1, 1).count)"
    ),
  ]

  @Test(.enabled(if: ImageFile.isSupported, "the package is built without its trait Images"), arguments: refusals)
  func wrongFilesAreRefused(refusal: Refusal) {
    let peak = peakAllocatedByteCount {
      let error = #expect(throws: FormatError.self) { try ImageFile.read(data: refusal.bytes, name: "f") }
      #expect(error?.kind == .badData && error?.description == "f: \(refusal.message)")
    }
    #expect(peak ?? 0 < 1 << 20)
  }

  @Test(.enabled(if: ImageFile.isSupported, "the package is built without its trait Images"))
  func damagedPNGsAreRefusedInLibpngsWords() throws {
    let idat = try #require(Self.good.firstRange(of: Data("IDAT".utf8)))
    // Whatever byte of the pixels is damaged, a checksum tells.
    for place in idat.upperBound..<Self.good.count - 12 {
      var damaged = Self.good
      damaged[place] ^= 0x10
      let error = #expect(throws: FormatError.self, "\(place)") { try ImageFile.read(data: damaged, name: "f") }
      #expect(error?.kind == .badData && error?.description.hasPrefix("f: is no PNG that can be read: ") == true)
    }
    // The chunk of the end may be missing: all pixels are there.
    for count in 8..<Self.good.count - 12 {
      #expect(throws: FormatError.self, "\(count)") { try ImageFile.read(data: Self.good.prefix(count), name: "f") }
    }
  }

  @Test(.enabled(if: !ImageFile.isSupported, "the package is built with its trait Images"))
  func withoutTheTraitAnErrorSaysSo() {
    let message = "is an image, expected a build of the package with its trait Images"
    #expect(throws: FormatError(.badData, file: "f", message)) { try ImageFile.read(data: Self.good, name: "f") }
  }
}
