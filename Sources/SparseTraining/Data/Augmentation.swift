import TensorCore

/// Random changes that leave an image's class as it is: a shift, and a mirror image.
///
/// What happens to an image is a function of the seed, the epoch and the image's number alone, so that a run that was
/// resumed has the same images as one that was not.
public struct Augmentation: Hashable, Sendable, Codable {
  /// The most pixels that an image is shifted by, along each axis and in each direction; what comes in is black.
  public let largestShift: Int
  /// Whether every second image, at random, is mirrored left to right.
  public let flipsHorizontally: Bool
  /// The seed.
  public let seed: UInt64

  /// Creates an augmentation.
  ///
  /// - Precondition: `largestShift` is in `0...65536`.
  public init(largestShift: Int, flipsHorizontally: Bool, seed: UInt64) {
    precondition(
      Self.shifts.contains(largestShift), "Augmentation: shifts of \(largestShift) pixels, expected \(Self.shifts)")
    self.largestShift = largestShift
    self.flipsHorizontally = flipsHorizontally
    self.seed = seed
  }

  /// Decodes settings that were encoded.
  ///
  /// - Throws: `DecodingError` if they are not as ``init(largestShift:flipsHorizontally:seed:)`` demands.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let shift = try container.decode(Int.self, forKey: .largestShift)
    guard Self.shifts.contains(shift) else {
      throw DecodingError.dataCorruptedError(
        forKey: .largestShift, in: container, debugDescription: "is \(shift), expected one of \(Self.shifts)")
    }
    try self.init(
      largestShift: shift, flipsHorizontally: container.decode(Bool.self, forKey: .flipsHorizontally),
      seed: container.decode(UInt64.self, forKey: .seed))
  }

  private static let shifts = 0...65_536

  /// Changes one image in place.
  ///
  /// - Parameters:
  ///   - image: the planes of the image, not normalized, so that 0 is black.
  ///   - shape: `[channels, height, width]`.
  ///   - epoch: which epoch.
  ///   - index: the image's number in the data set.
  /// - Precondition: `image` has as many elements as `shape`, which has three extents.
  public func apply(to image: UnsafeMutableBufferPointer<Float>, shape: Shape, epoch: Int, index: Int) {
    precondition(
      shape.rank == 3 && image.count == shape.elementCount,
      "Augmentation: \(image.count) pixels for an image of shape \(shape)")
    guard let start = image.baseAddress, !image.isEmpty else { return }
    var generator = SeededGenerator(seed: seed, epoch: epoch, index: index)
    // All three are taken, so that one setting does not change what another does.
    let down = generator.nextIndex(below: 2 * largestShift + 1) - largestShift
    let right = generator.nextIndex(below: 2 * largestShift + 1) - largestShift
    let isFlipped = generator.nextIndex(below: 2) == 1 && flipsHorizontally
    let (height, width) = (shape[1], shape[2])
    for channel in 0..<shape[0] {
      let plane = start + channel * height * width
      Self.shift(plane, height: height, width: width, down: down, right: right)
      if isFlipped {
        for y in 0..<height {
          var row = UnsafeMutableBufferPointer(start: plane + y * width, count: width)
          row.reverse()
        }
      }
    }
  }

  /// Moves the rows of a plane inside it, those first whose place no other needs any more.
  private static func shift(_ plane: UnsafeMutablePointer<Float>, height: Int, width: Int, down: Int, right: Int) {
    if down == 0 && right == 0 { return }
    let keptCount = max(0, width - abs(right))
    for step in 0..<height {
      let y = down > 0 ? height - 1 - step : step
      let row = plane + y * width
      let source = y - down
      guard source >= 0, source < height, keptCount > 0 else {
        row.update(repeating: 0, count: width)
        continue
      }
      let from = plane + source * width
      if right >= 0 {
        (row + right).update(from: from, count: keptCount)
        row.update(repeating: 0, count: right)
      } else {
        row.update(from: from - right, count: keptCount)
        (row + keptCount).update(repeating: 0, count: width - keptCount)
      }
    }
  }
}
