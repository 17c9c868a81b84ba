/// What an epoch of training came to.
public struct EpochMetrics: Hashable, Sendable, Codable {
  /// The epoch, from 1.
  public var epoch: Int
  /// The steps since training began.
  public var step: Int
  /// The learning rate of the last step.
  public var learningRate: Double
  /// The mean loss over the epoch's training images, as they were met.
  public var trainLoss: Double
  /// The fraction of the epoch's training images that were classified rightly, as they were met.
  public var trainAccuracy: Double
  /// The mean loss over the test images after the epoch.
  public var testLoss: Double
  /// The fraction of the test images that are classified rightly after the epoch.
  public var testAccuracy: Double
  /// The fraction of zeros in the layers that are pruned; 0 where none is.
  public var sparsity: Double
  /// Training images per second of training, evaluation not counted.
  public var imagesPerSecond: Double
  /// The seconds of training in this epoch, evaluation not counted.
  public var seconds: Double

  /// Creates a record.
  public init(
    epoch: Int, step: Int, learningRate: Double, trainLoss: Double, trainAccuracy: Double, testLoss: Double,
    testAccuracy: Double, sparsity: Double, imagesPerSecond: Double, seconds: Double
  ) {
    self.epoch = epoch
    self.step = step
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.sparsity = sparsity
    self.imagesPerSecond = imagesPerSecond
    self.seconds = seconds
  }
}
