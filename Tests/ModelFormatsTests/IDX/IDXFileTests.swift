import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct IDXFileTests {
  private static let images = idxBytes([2, 3, 4], (0..<24).map { UInt8($0 * 10) })

  @Test func bytesAreReadAsTheyStand() throws {
    let file = try IDXFile(data: Self.images, name: "f")
    #expect(file.shape == [2, 3, 4])
    #expect(file.elements == (0..<24).map { $0 * 10 })
    // A slice, whose indices do not start at 0.
    #expect(try IDXFile(data: (Data([7]) + Self.images).dropFirst(), name: "f").elements == file.elements)
  }

  @Test(arguments: [([], 1), ([0], 0), ([5], 5), ([3, 0, 7], 0), ([1, 1, 1, 1, 2], 2)] as [([UInt32], Int)])
  func everyRankIsRead(extents: [UInt32], count: Int) throws {
    for bytes in [idxBytes(extents, (0..<count).map { UInt8($0) })].flatMap({ [$0, gzipBytes($0)] }) {
      let file = try IDXFile(data: bytes, name: "f")
      #expect(file.shape == Shape(extents.map(Int.init)))
      #expect(file.elements == (0..<count).map { UInt8($0) })
    }
  }

  @Test func compressedFilesAreReadWhateverTheirName() throws {
    var generator = SeededGenerator(seed: 5)
    // Several windows of zlib, of bytes that it can and cannot compress.
    let elements = (0..<300 * 777).map { $0 % 3 == 0 ? UInt8(truncatingIfNeeded: generator.next()) : 7 }
    let plain = idxBytes([300, 777], elements)
    let folder = try TemporaryFolder()
    for (name, bytes) in [("a", plain), ("b", gzipBytes(plain)), ("c.gz", plain)] {
      let file = try IDXFile(path: folder.file(name, holding: bytes))
      #expect(file.shape == [300, 777] && file.elements == elements, "\(name)")
    }
  }

  @Test func membersOfACompressedFileAreOne() throws {
    for cut in [0, 1, 3, 4, 11, 16, 17, 39, 40] {
      let bytes = gzipBytes(Self.images.prefix(cut)) + gzipBytes(Data()) + gzipBytes(Self.images.dropFirst(cut))
      #expect(try IDXFile(data: bytes, name: "f").elements == (0..<24).map { $0 * 10 }, "cut at \(cut)")
    }
  }

  @Test func aCompressedFileTakesTheMemoryOfItsElements() throws {
    let count = 1 << 22
    let bytes = gzipBytes(idxBytes([UInt32(count)], [UInt8](repeating: 3, count: count)))
    #expect(bytes.count < count / 500)
    let peak = try peakAllocatedByteCount { _ = try IDXFile(data: bytes, name: "f") }
    // zlib's window and the allocator's rounding.
    #expect(peak ?? 0 < count + (1 << 17))
  }
}
