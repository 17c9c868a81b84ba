import BenchmarkReport

/// The checked values of the options that both commands have.
struct RunSettings: Sendable {
  var batch: Int
  var threadCount: Int
  var sparsities: [Double]
  var secondsPerCase: Double
  var seed: UInt64

  /// The least samples of a contender, whatever its time: a median of fewer would be one of them.
  static let leastSampleCount = 3

  /// Whether a contender has had its share.
  func isDone(sampleCount: Int, secondsSpent: Double) -> Bool {
    sampleCount >= Burst.largestSampleCount
      || sampleCount >= Self.leastSampleCount && secondsSpent >= secondsPerCase
  }

  /// One sample at least in each turn: steps are long.
  var burst: Burst { Burst(secondsPerCase: secondsPerCase, leastCount: 1) }
}
