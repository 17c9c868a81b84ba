/// What a training has to know of its images when it goes on, or when its model is used.
public struct DataDescription: Hashable, Sendable, Codable {
  /// How many training images there are.
  public var imageCount: Int
  /// `[channels, height, width]`.
  public var imageShape: [Int]
  /// The number of classes.
  public var classCount: Int
  /// What is done to pixels before the model sees them.
  public var normalization: Normalization
}
