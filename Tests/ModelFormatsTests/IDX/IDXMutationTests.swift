import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

/// Damaged copies of good files, compressed or not: whatever the damage, the file is read or refused.
@Suite struct IDXMutationTests {
  @Test(.timeLimit(.minutes(5))) func everyDamagedFileIsReadOrRefused() {
    var read = 0
    let plain = [([], 1), ([4], 4), ([2, 3], 6), ([2, 2, 2], 8), ([0, 5], 0)].map { extents, count in
      idxBytes(extents, (0..<count).map { UInt8($0) })
    }
    let refused = Mutations(swap: .binaryNumbers(starts: 2..<18), seed: 20_261_127).check(plain) {
      (bytes, place) throws(FormatError) in
      let file = try IDXFile(data: bytes, name: "f")
      read += 1
      // Nothing is left over: the file written again is the same.
      #expect(idxBytes(file.shape.dimensions.map { UInt32($0) }, file.elements) == bytes, place)
      // The same file compressed, unless it is so already.
      let again = try IDXFile(data: gzipBytes(bytes), name: "again")
      #expect(again.shape == file.shape && again.elements == file.elements, place)
    }
    #expect(read + refused == Mutations.count)
    #expect(read > 100 && refused > 100)
  }

  @Test(.timeLimit(.minutes(5))) func everyDamagedCompressedFileIsReadOrRefused() {
    var read = 0
    let whole = idxBytes([8, 9], (0..<72).map { UInt8($0 % 5) })
    let samples = [gzipBytes(whole), gzipBytes(whole.prefix(30)) + gzipBytes(whole.dropFirst(30))]
    // The header behind which the elements are compressed well may claim as much as the file can hold.
    let refused = Mutations(swap: .binaryNumbers(starts: 0..<40), seed: 20_261_128).check(samples, expansion: 1_100) {
      (bytes, place) throws(FormatError) in
      let file = try IDXFile(data: bytes, name: "f")
      read += 1
      // Their checksums stand for the elements.
      #expect(file.shape == [8, 9] && file.elements == Array(whole.dropFirst(12)), place)
    }
    #expect(read + refused == Mutations.count)
    // Only the time, the name of the system and the like may be damaged without harm.
    #expect(read > 100 && refused > 100)
  }
}
