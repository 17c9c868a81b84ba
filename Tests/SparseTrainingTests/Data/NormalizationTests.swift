import Foundation
import SparseTraining
import TensorCore
import Testing

@Suite struct NormalizationTests {
  @Test func theWholeDataSetHasItsMeanAndDeviation() throws {
    var generator = SeededGenerator(seed: 3)
    let tensor = Tensor.random([7, 2, 3, 5], using: &generator)
    let images = try InMemoryImages(images: tensor, labels: [Int](repeating: 0, count: 7), classCount: 1)
    let got = try Normalization(of: images)
    for channel in 0..<2 {
      let values = (0..<7).flatMap { image in
        (0..<15).map { Double(tensor[flat: (2 * image + channel) * 15 + $0]) }
      }
      let mean = values.reduce(0, +) / 105
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 105).squareRoot()
      // Sums of doubles, rounded to a Float at the end: one more rounding at the most.
      #expect(abs(Double(got.mean[channel]) - mean) < 1e-7)
      #expect(abs(Double(got.standardDeviation[channel]) - deviation) < 1e-7)
    }
  }

  @Test func aFewImagesAreSpreadOverTheDataSet() throws {
    // Of ten images, 0, 3 and 6.
    let images = NumberedImages(count: 10, imageShape: [1, 1, 1])
    #expect(try Normalization(of: images, sampleCount: 3).mean == [4])
    #expect(try Normalization(of: images, sampleCount: 99).mean == [5.5])
  }

  @Test func aFlatChannelIsDividedByOne() throws {
    let images = try InMemoryImages(
      images: Tensor(repeating: 0.1, shape: [3, 1, 2, 2]), labels: [0, 0, 0], classCount: 1)
    #expect(try Normalization(of: images) == Normalization(mean: [0.1], standardDeviation: [1]))
  }

  @Test func whatCannotBeMeasuredIsRefused() {
    #expect(throws: DataSetError.empty) { try Normalization(of: NumberedImages(count: 0)) }
    #expect(throws: DataSetError.unreadableImage(index: 4, reason: "the disk is gone")) {
      try Normalization(of: NumberedImages(count: 9, failing: [4]))
    }
  }

  @Test func settingsOutliveJSONAndWrongOnesAreRefused() throws {
    let normalization = Normalization(mean: [0.5, 0.25], standardDeviation: [0.1, 2])
    let augmentation = Augmentation(largestShift: 4, flipsHorizontally: true, seed: .max)
    let coder = (JSONEncoder(), JSONDecoder())
    #expect(try coder.1.decode(Normalization.self, from: coder.0.encode(normalization)) == normalization)
    #expect(try coder.1.decode(Augmentation.self, from: coder.0.encode(augmentation)) == augmentation)
    for text in [#"{"mean":[1],"standardDeviation":[0]}"#, #"{"mean":[1],"standardDeviation":[]}"#, "{}"] {
      #expect(throws: DecodingError.self) { try coder.1.decode(Normalization.self, from: Data(text.utf8)) }
    }
    for shift in [-1, 65_537] {
      let text = #"{"largestShift":\#(shift),"flipsHorizontally":true,"seed":1}"#
      #expect(throws: DecodingError.self) { try coder.1.decode(Augmentation.self, from: Data(text.utf8)) }
    }
  }
}
