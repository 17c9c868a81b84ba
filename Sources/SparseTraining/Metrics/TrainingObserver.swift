/// Where training stands after a step.
public struct StepProgress: Hashable, Sendable {
  /// The epoch, from 1.
  public var epoch: Int
  /// How many epochs are asked for.
  public var epochCount: Int
  /// The steps of this epoch that are done.
  public var step: Int
  /// How many steps an epoch has.
  public var stepCount: Int
  /// The mean loss over the images of this epoch so far.
  public var loss: Double
  /// The fraction of the images of this epoch so far that were classified rightly.
  public var accuracy: Double
  /// The fraction of zeros in the layers that are pruned.
  public var sparsity: Double
  /// Training images per second in this epoch.
  public var imagesPerSecond: Double
  /// The seconds until the last epoch ends, at the pace of this one.
  public var secondsLeft: Double

  /// Creates a record.
  public init(
    epoch: Int, epochCount: Int, step: Int, stepCount: Int, loss: Double, accuracy: Double, sparsity: Double,
    imagesPerSecond: Double, secondsLeft: Double
  ) {
    self.epoch = epoch
    self.epochCount = epochCount
    self.step = step
    self.stepCount = stepCount
    self.loss = loss
    self.accuracy = accuracy
    self.sparsity = sparsity
    self.imagesPerSecond = imagesPerSecond
    self.secondsLeft = secondsLeft
  }
}

/// What a training loop tells while it runs, on the thread that trains.
public protocol TrainingObserver: AnyObject {
  /// A step is done.
  func stepEnded(_ progress: StepProgress)

  /// An epoch is done and evaluated.
  func epochEnded(_ metrics: EpochMetrics, epochCount: Int)

  /// Something else happened that a person wants to know: where training was resumed, that it stops early.
  func note(_ text: String)
}
