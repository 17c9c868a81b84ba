import TensorCore

/// Some images of an epoch, ready to be trained on.
public struct Batch: Sendable {
  /// The images, augmented and normalized, `[images, channels, height, width]`.
  public let images: Tensor
  /// The class of each image.
  public let labels: [Int]
  /// The number of each image in its data set.
  public let indices: [Int]
  /// The epoch, as ``BatchLoader/begin(epoch:batch:)`` was given it.
  public let epoch: Int
  /// Which batch of its epoch this is, from 0.
  public let number: Int

  /// How many images there are.
  public var count: Int { labels.count }
}
