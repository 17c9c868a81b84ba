import SparseTraining
import TensorCore
import Testing

@Suite struct AugmentationTests {
  /// Numbers from 1, so that black is none of them.
  private static func image(_ shape: Shape) -> [Float] { (0..<shape.elementCount).map { Float($0 + 1) } }

  /// The definition: a pixel is what stood `down` above and `right` before it; then the row is turned round.
  private static func moved(_ image: [Float], shape: Shape, down: Int, right: Int, isFlipped: Bool) -> [Float] {
    let (height, width) = (shape[1], shape[2])
    return (0..<shape.elementCount).map { place in
      let (channel, y) = (place / (height * width), place / width % height)
      let x = isFlipped ? width - 1 - place % width : place % width
      guard (0..<height).contains(y - down), (0..<width).contains(x - right) else { return 0 }
      return image[(channel * height + y - down) * width + x - right]
    }
  }

  private static func apply(_ augmentation: Augmentation, _ shape: Shape, epoch: Int = 0, index: Int = 0) -> [Float] {
    var pixels = image(shape)
    pixels.withUnsafeMutableBufferPointer { augmentation.apply(to: $0, shape: shape, epoch: epoch, index: index) }
    return pixels
  }

  @Test(arguments: [[2, 4, 5], [1, 1, 1], [3, 2, 7], [1, 9, 2]] as [Shape])
  func everyImageIsOneOfTheShiftsAndFlips(shape: Shape) {
    let (largest, image) = (3, Self.image(shape))
    var seen: Set<[Float]> = []
    for index in 0..<3_000 {
      seen.insert(
        Self.apply(Augmentation(largestShift: largest, flipsHorizontally: true, seed: 8), shape, index: index))
    }
    let possible = Set(
      (-largest...largest).flatMap { down in
        (-largest...largest).flatMap { right in
          [false, true].map { Self.moved(image, shape: shape, down: down, right: right, isFlipped: $0) }
        }
      })
    // 98 ways, each missed by 3000 images with a chance of 4e-14.
    #expect(seen == possible)
  }

  @Test func nothingIsDoneWithoutShiftsAndFlips() {
    let shape: Shape = [2, 3, 4]
    for index in 0..<20 {
      #expect(
        Self.apply(Augmentation(largestShift: 0, flipsHorizontally: false, seed: 1), shape, index: index)
          == Self.image(shape))
    }
  }

  @Test func oneSettingDoesNotChangeWhatAnotherDoes() {
    let shape: Shape = [1, 5, 6]
    for index in 0..<50 {
      let shifted = Self.apply(Augmentation(largestShift: 2, flipsHorizontally: false, seed: 4), shape, index: index)
      let both = Self.apply(Augmentation(largestShift: 2, flipsHorizontally: true, seed: 4), shape, index: index)
      let flipped = (0..<5).flatMap { shifted[6 * $0..<6 * $0 + 6].reversed() }
      #expect(both == shifted || both == flipped)
    }
  }

  @Test func seedEpochAndIndexEachMatterAndNothingElse() {
    let shape: Shape = [1, 16, 16]
    func images(seed: UInt64, epoch: Int, index: Int) -> [[Float]] {
      let augmentation = Augmentation(largestShift: 8, flipsHorizontally: true, seed: seed)
      return (0..<4).map { Self.apply(augmentation, shape, epoch: epoch, index: index + 1_000 * $0) }
    }
    let base = images(seed: 1, epoch: 1, index: 1)
    #expect(base == images(seed: 1, epoch: 1, index: 1))
    // Four images of 578 ways each do not fall together by chance.
    #expect(base != images(seed: 2, epoch: 1, index: 1))
    #expect(base != images(seed: 1, epoch: 2, index: 1))
    #expect(base != images(seed: 1, epoch: 1, index: 2))
    #expect(images(seed: 1, epoch: 2, index: 1) != images(seed: 1, epoch: 1, index: 2))
  }
}
