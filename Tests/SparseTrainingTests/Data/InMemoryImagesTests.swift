import SparseTraining
import TensorCore
import Testing

@Suite struct InMemoryImagesTests {
  @Test func floatsAreReadAsTheyAre() throws {
    let tensor = Tensor((0..<36).map { Float($0) - 3.5 }, shape: [3, 2, 2, 3])
    let images = try InMemoryImages(images: tensor, labels: [2, 0, 1], classCount: 3)
    #expect(images.count == 3 && images.imageShape == [2, 2, 3] && images.classCount == 3)
    for index in 0..<3 {
      let image = try images.image(index)
      #expect(image.pixels == (0..<12).map { Float(12 * index + $0) - 3.5 })
      #expect(image.label == [2, 0, 1][index])
    }
  }

  @Test func bytesAreDividedBy255() throws {
    let images = try InMemoryImages(
      bytes: (0...255).map { UInt8($0) }, imageShape: [1, 8, 16], labels: [1, 1], classCount: 2)
    #expect(images.count == 2)
    for index in 0..<2 {
      #expect(try images.image(index).pixels == (0..<128).map { Float(128 * index + $0) / 255 })
    }
    #expect(try images.image(1).pixels.last == 1)
  }

  @Test func noImagesAreADataSetToo() throws {
    let images = try InMemoryImages(images: Tensor(zeros: [0, 1, 2, 2]), labels: [], classCount: 1)
    #expect(images.count == 0 && images.imageShape == [1, 2, 2])
  }

  @Test func wrongLabelsAreRefused() {
    let tensor = Tensor(zeros: [3, 1, 1, 1])
    #expect(throws: DataSetError.labelCount(2, imageCount: 3)) {
      try InMemoryImages(images: tensor, labels: [0, 1], classCount: 3)
    }
    #expect(throws: DataSetError.labelOutOfRange(label: 3, index: 1, classCount: 3)) {
      try InMemoryImages(images: tensor, labels: [0, 3, 4], classCount: 3)
    }
    #expect(throws: DataSetError.labelOutOfRange(label: -1, index: 2, classCount: 3)) {
      try InMemoryImages(bytes: [1, 2, 3], imageShape: [1, 1, 1], labels: [0, 2, -1], classCount: 3)
    }
    #expect(
      DataSetError.labelOutOfRange(label: 3, index: 1, classCount: 3).description
        == "the label of image 1 is 3, expected a class in 0..<3")
  }
}
