import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct IDXRefusalTests {
  private static let good = idxBytes([2, 3], 1...6)
  private static let onlyBytes = "expected unsigned bytes, code 0x8"

  static let plain = [
    Refusal(Data(), "byte 0: file ends, expected a header of four bytes"),
    Refusal(Data([0, 0, 8]), "byte 3: file ends, expected a header of four bytes"),
    Refusal(Data([0, 1, 8, 0, 9]), "byte 0: is no IDX file, expected it to begin with two zero bytes"),
    Refusal(Data([1, 0, 8, 0, 9]), "byte 0: is no IDX file, expected it to begin with two zero bytes"),
    Refusal(idxBytes([1], type: 0x09, [1]), "byte 2: elements are signed bytes, code 0x9, \(onlyBytes)"),
    Refusal(idxBytes([1], type: 0x0B, [1, 1]), "byte 2: elements are integers of 16 bits, code 0xb, \(onlyBytes)"),
    Refusal(idxBytes([0], type: 0x0C, []), "byte 2: elements are integers of 32 bits, code 0xc, \(onlyBytes)"),
    Refusal(idxBytes([0], type: 0x0D, []), "byte 2: elements are floats, code 0xd, \(onlyBytes)"),
    Refusal(idxBytes([0], type: 0x0E, []), "byte 2: elements are doubles, code 0xe, \(onlyBytes)"),
    Refusal(idxBytes([0], type: 0x0A, []), "byte 2: elements are of the unknown code 0xa, \(onlyBytes)"),
    Refusal(idxBytes([UInt32](repeating: 1, count: 65), [1]), "byte 3: there are 65 extents, expected at most 64"),
    Refusal(good.prefix(4), "byte 4: file ends, expected 2 extents"),
    Refusal(good.prefix(11), "byte 11: file ends, expected 2 extents"),
    Refusal(
      idxBytes([.max, .max], [1]),
      "byte 4: shape [4294967295, 4294967295]: the number of elements does not fit in 63 bits of address"),
    Refusal(
      idxBytes([0, .max, .max], []),
      "byte 4: shape [0, 4294967295, 4294967295]: the number of elements does not fit in 63 bits of address"),
    Refusal(
      idxBytes([2, 3], 1...5), "byte 4: shape [2, 3] takes 6 bytes, expected at most 5 in a file of this size"),
    Refusal(
      idxBytes([1 << 31], []),
      "byte 4: shape [2147483648] takes 2147483648 bytes, expected at most 0 in a file of this size"),
    Refusal(idxBytes([2, 3], 1...7), "data go on behind 6 bytes, expected their end for shape [2, 3]"),
    Refusal(idxBytes([0], [1]), "data go on behind 0 bytes, expected their end for shape [0]"),
  ]

  static let compressed: [Refusal] = {
    let file = gzipBytes(good)
    var wrongSum = file
    wrongSum[file.count - 8] ^= 1
    var wrongLength = file
    wrongLength[file.count - 1] ^= 1
    var wrongMethod = file
    wrongMethod[2] = 7
    let claims = gzipBytes(idxBytes([1 << 30, 3], [1]))
    return [
      Refusal(Data([0x1F, 0x8B]), "byte 2: file ends, expected more compressed data"),
      Refusal(wrongSum, "byte \(file.count - 4): compressed data are damaged: incorrect data check"),
      Refusal(wrongLength, "byte \(file.count): compressed data are damaged: incorrect length check"),
      Refusal(wrongMethod, "byte 4: compressed data are damaged: unknown compression method"),
      Refusal(file + [0], "byte \(file.count): file goes on, expected its end or more compressed data"),
      Refusal(file + [0x1F], "byte \(file.count): file goes on, expected its end or more compressed data"),
      Refusal(file + file, "data go on behind 6 bytes, expected their end for shape [2, 3]"),
      Refusal(gzipBytes(idxBytes([2, 3], 1...5)), "data end after 5 bytes, expected 6 for shape [2, 3]"),
      Refusal(gzipBytes(idxBytes([2, 3], 1...7)), "data go on behind 6 bytes, expected their end for shape [2, 3]"),
      Refusal(gzipBytes(Data([0, 0, 8, 1, 0])), "byte 5: file ends, expected 1 extents"),
      Refusal(
        claims,
        "byte 4: shape [1073741824, 3] takes 3221225472 bytes, expected at most \(claims.count * 1_032 - 12) "
          + "in a compressed file of this size"),
    ]
  }()

  @Test(arguments: [plain, compressed].joined()) func wrongFilesAreRefused(refusal: Refusal) {
    let error = #expect(throws: FormatError.self) { try IDXFile(data: refusal.bytes, name: "f") }
    #expect(error?.kind == .badData && error?.description == "f: \(refusal.message)")
  }

  @Test func everyFileCutShortIsRefused() {
    for whole in [Self.good, gzipBytes(Self.good), gzipBytes(Self.good.prefix(9)) + gzipBytes(Self.good.dropFirst(9))] {
      for count in 0..<whole.count {
        #expect(throws: FormatError.self, "\(count)") { try IDXFile(data: whole.prefix(count), name: "f") }
      }
    }
  }

  @Test func moreElementsThanTheLimitAreRefused() throws {
    #expect(try IDXFile(data: Self.good, name: "f", byteLimit: 6).elements.count == 6)
    let error = FormatError(.badData, file: "f", place: "byte 4", "shape [2, 3] takes 6 bytes, expected at most 5")
    #expect(throws: error) { try IDXFile(data: Self.good, name: "f", byteLimit: 5) }
  }

  /// A hundred megabytes of zeros behind elements of six bytes: their end is seen at the first of them.
  @Test func aBombIsNotUnpacked() {
    let bomb = gzipBytes(idxBytes([2, 3], Data(count: 100_000_000)))
    let peak = peakAllocatedByteCount {
      #expect(throws: FormatError.self) { try IDXFile(data: bomb, name: "f") }
    }
    #expect(peak ?? 0 < 1 << 17)
  }

  @Test func missingFilesAndFoldersAreRefused() throws {
    let folder = try TemporaryFolder()
    for path in [folder.path, folder.file("absent"), ""] {
      let error = #expect(throws: FormatError.self) { try IDXFile(path: path) }
      #expect(error?.kind == .noInput)
    }
  }
}
