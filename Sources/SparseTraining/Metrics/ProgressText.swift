import HTMLReport

/// The sentences that ``ProgressPrinter`` prints.
enum ProgressText {
  /// A line about a step, with as much as fits a width: all in words; in short; then without what matters least.
  static func step(_ progress: StepProgress, width: Int) -> String {
    let long = stepParts(progress).joined(separator: ", ")
    if long.count <= width { return long }
    var parts = shortParts(progress)
    func text() -> String { parts.map(\.text).joined(separator: ", ") }
    while text().count > width, let index = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }), parts.count > 1
    {
      parts.remove(at: index)
    }
    return String(text().prefix(max(0, width)))
  }

  /// All about a step.
  private static func stepParts(_ progress: StepProgress) -> [String] {
    [
      "epoch \(progress.epoch)/\(progress.epochCount)", "step \(progress.step)/\(progress.stepCount)",
      "loss \(MetricText.loss(progress.loss))", "accuracy \(MetricText.accuracy(progress.accuracy))",
      "sparsity \(MetricText.sparsity(progress.sparsity))", "\(MetricText.rate(progress.imagesPerSecond)) images/s",
      MetricText.duration(progress.secondsLeft).map { "\($0) left" } ?? "time left unknown",
    ]
  }

  /// The same in short; what has the highest rank goes first.
  private static func shortParts(_ progress: StepProgress) -> [(text: String, rank: Int)] {
    let parts = [
      ("epoch \(progress.epoch)/\(progress.epochCount)", 0), ("step \(progress.step)/\(progress.stepCount)", 3),
      ("loss \(MetricText.loss(progress.loss))", 2), ("acc \(MetricText.accuracy(progress.accuracy))", 4),
      ("\(MetricText.sparsity(progress.sparsity)) zero", 5), ("\(MetricText.rate(progress.imagesPerSecond))/s", 6),
    ]
    return parts + (MetricText.duration(progress.secondsLeft).map { [($0, 1)] } ?? [])
  }

  /// A line about an epoch; in short where the words do not fit.
  static func epoch(_ metrics: EpochMetrics, epochCount: Int, width: Int) -> String {
    let place = "epoch \(metrics.epoch)/\(epochCount): "
    let train = (MetricText.loss(metrics.trainLoss), MetricText.accuracy(metrics.trainAccuracy))
    let test = (MetricText.loss(metrics.testLoss), MetricText.accuracy(metrics.testAccuracy))
    let sparsity = MetricText.sparsity(metrics.sparsity)
    let rate = MetricText.rate(metrics.imagesPerSecond)
    let seconds = MetricText.seconds(metrics.seconds)
    let long =
      place
      + "train loss \(train.0), accuracy \(train.1); test loss \(test.0), accuracy \(test.1); sparsity \(sparsity); "
      + "\(rate) images/s; \(seconds)"
    if long.count <= width { return long }
    return place + "train \(train.0) \(train.1), test \(test.0) \(test.1), \(sparsity) zero, \(rate)/s, \(seconds)"
  }
}
