import Foundation
import ModelFormats
import SparseTraining
import TensorCore
import TestSupport
import Testing

@Suite struct FashionMNISTTests {
  private static let isInstalled = FileManager.default.fileExists(atPath: FashionMNIST.systemFolder)

  @Test(
    .enabled(if: isInstalled, "there is no \(FashionMNIST.systemFolder): install \(FashionMNIST.systemPackage)"),
    arguments: FashionMNIST.Part.allCases)
  func theInstalledFilesAreThoseOfThePaper(part: FashionMNIST.Part) throws {
    let images = try FashionMNIST.images(part)
    #expect(images.count == (part == .training ? 60_000 : 10_000))
    #expect(images.imageShape == [1, 28, 28] && images.classCount == 10)
    var counts = [Int](repeating: 0, count: 10)
    var image = [Float](repeating: .nan, count: 784)
    for index in 0..<images.count {
      counts[image.withUnsafeMutableBufferPointer { images.read(index, into: $0) }] += 1
    }
    // As many of each class, as the paper has it.
    #expect(counts == [Int](repeating: images.count / 10, count: 10))
    if part == .training {
      // The numbers that everybody normalizes this data set by, to the four digits they are given with.
      let normalization = try Normalization(of: images, sampleCount: images.count)
      #expect(abs(normalization.mean[0] - 0.2860) < 0.00005)
      #expect(abs(normalization.standardDeviation[0] - 0.3530) < 0.00005)
    }
  }

  @Test(arguments: ["", ".gz"]) func aFolderOfOnesOwnIsRead(ending: String) throws {
    let folder = try TemporaryFolder()
    for (part, count) in [("train", 3), ("t10k", 2)] {
      let images = idxBytes([UInt32(count), 2, 2], (0..<4 * count).map { UInt8($0) })
      let labels = idxBytes([UInt32(count)], (0..<count).map { UInt8($0) })
      for (kind, bytes) in [("images-idx3", images), ("labels-idx1", labels)] {
        _ = try folder.file("\(part)-\(kind)-ubyte\(ending)", holding: ending.isEmpty ? bytes : gzipBytes(bytes))
      }
    }
    #expect(try FashionMNIST.images(.training, folder: folder.path).count == 3)
    let test = try FashionMNIST.images(.test, folder: folder.path)
    #expect(try test.count == 2 && test.image(1).pixels == (4..<8).map { Float($0) / 255 } && test.image(1).label == 1)
  }

  @Test func aMissingFileNamesThePackage() throws {
    let folder = try TemporaryFolder()
    let error = DataSetError.missingFile(
      "t10k-images-idx3-ubyte", folder: folder.path, package: "dataset-fashion-mnist")
    #expect(throws: error) { try FashionMNIST.images(.test, folder: folder.path) }
    #expect(
      error.description
        == "\(folder.path): has neither t10k-images-idx3-ubyte.gz nor t10k-images-idx3-ubyte, expected one; "
        + "Debian and Ubuntu have it in the package dataset-fashion-mnist")
  }
}
