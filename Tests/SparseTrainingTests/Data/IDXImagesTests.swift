import Foundation
import ModelFormats
import SparseTraining
import TensorCore
import TestSupport
import Testing

@Suite struct IDXImagesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func bothFilesMakeADataSet() throws {
    let images = try IDXImages(
      images: folder.file("i", holding: gzipBytes(idxBytes([3, 2, 4], (0..<24).map { UInt8(10 * $0) }))),
      labels: folder.file("l", holding: idxBytes([3], [4, 0, 2])), classCount: 5)
    #expect(images.count == 3 && images.imageShape == [1, 2, 4] && images.classCount == 5)
    for index in 0..<3 {
      let image = try images.image(index)
      #expect(image.pixels == (0..<8).map { Float(10 * (8 * index + $0)) / 255 } && image.label == [4, 0, 2][index])
    }
  }

  @Test func fourExtentsHaveChannels() throws {
    let images = try read(idxBytes([2, 3, 1, 2], 1...12), idxBytes([2], [0, 1]), classCount: 2)
    #expect(try images.imageShape == [3, 1, 2] && images.image(1).pixels == (7...12).map { Float($0) / 255 })
  }

  @Test func filesThatDoNotBelongTogetherAreRefused() throws {
    let images = idxBytes([2, 1, 2], 1...4)
    #expect(throws: DataSetError.labelCount(3, imageCount: 2)) { try read(images, idxBytes([3], [0, 1, 0])) }
    #expect(throws: DataSetError.labelOutOfRange(label: 10, index: 1, classCount: 10)) {
      try read(images, idxBytes([2], [9, 10]))
    }
    #expect(
      throws: DataSetError.unexpectedShape(
        file: folder.file("l"), shape: [2, 1, 2], expected: "one extent, the number of labels")
    ) { try read(images, images) }
    let expected = "[images, height, width] or [images, channels, height, width]"
    #expect(throws: DataSetError.unexpectedShape(file: folder.file("i"), shape: [2], expected: expected)) {
      try read(idxBytes([2], [1, 2]), idxBytes([2], [1, 2]))
    }
    #expect(throws: DataSetError.unexpectedShape(file: folder.file("i"), shape: [2, 0, 3], expected: expected)) {
      try read(idxBytes([2, 0, 3], []), idxBytes([2], [1, 2]))
    }
    let error = #expect(throws: FormatError.self) { try read(images.dropLast(), idxBytes([2], [1, 2])) }
    #expect(error?.file == folder.file("i"))
  }

  @discardableResult
  private func read(_ images: Data, _ labels: Data, classCount: Int = 10) throws -> IDXImages {
    try IDXImages(
      images: folder.file("i", holding: images), labels: folder.file("l", holding: labels), classCount: classCount)
  }
}
