/// Where a training stands, between two steps: what a checkpoint has to know besides parameters and optimizer.
public struct TrainingPosition: Hashable, Sendable, Codable {
  /// The epochs that are done.
  public var epoch = 0
  /// The steps of the next epoch that are done.
  public var batch = 0
  /// The steps that are done altogether.
  public var step = 0
  /// The sum of the losses of this epoch's images so far.
  var lossSum = 0.0
  /// How many of this epoch's images were classified rightly so far.
  var correctCount = 0
  /// This epoch's images so far.
  var imageCount = 0
  /// The seconds of training in this epoch so far.
  var seconds = 0.0
  /// The epochs so far.
  public var history: [EpochMetrics] = []

  /// Before the first step.
  public init() {}

  /// The epochs since the best test accuracy, 0 if the last was the best.
  var epochsSinceBest: Int {
    var (best, since) = (-Double.infinity, 0)
    for metrics in history {
      since += 1
      if metrics.testAccuracy > best { (best, since) = (metrics.testAccuracy, 0) }
    }
    return since
  }
}
