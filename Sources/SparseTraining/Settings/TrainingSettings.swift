import Pruning

/// Everything that a training depends on besides the network and the data: with these equal, so are the bits.
public struct TrainingSettings: Hashable, Sendable, Codable {
  /// How many times each training image is met.
  public var epochs = 10
  /// Images per step; the last step of an epoch may have fewer.
  public var batchSize = 128
  /// Where first weights, the order of images, their changes and random patterns come from.
  public var seed: UInt64 = 1
  /// The optimizer.
  public var optimizer = OptimizerSettings()
  /// The largest learning rate.
  public var learningRate = 3e-3
  /// How the learning rate goes.
  public var schedule = ScheduleSettings.oneCycle
  /// Steps in which the learning rate goes up to the schedule's first.
  public var warmupSteps = 0
  /// The share of the target that is spread over all classes.
  public var labelSmoothing: Float = 0
  /// What the norm of all gradients together is brought down to, or nil.
  public var gradientClipping: Double?
  /// By how many pixels images are shifted at random, in both directions of both axes.
  public var shift = 0
  /// Whether half of the images are mirrored, left to right.
  public var flips = false
  /// How the network gets its zeros.
  public var method = SparsityMethod.dense
  /// The fraction of zeros in the layers that are pruned, in the end.
  public var sparsity = 0.0
  /// How zeros are shared out among layers; the method's own way is ``SparsityMethod/usualDistribution``.
  public var distribution = SparsityDistribution.erdosRenyiKernel
  /// After how many epochs without a better test accuracy training stops, or nil.
  public var patience: Int?

  /// Ten epochs of a dense network.
  public init() {}

  /// What is done to training images at random, or nil.
  var augmentation: Augmentation? {
    shift == 0 && !flips ? nil : Augmentation(largestShift: shift, flipsHorizontally: flips, seed: seed)
  }

  /// Checks that the numbers make sense.
  ///
  /// - Throws: ``TrainingError/setting(_:_:expected:)``.
  public func check() throws(TrainingError) {
    func require(
      _ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ expected: String
    )
      throws(TrainingError)
    {
      if !holds { throw .setting(name, "\(value)", expected: expected) }
    }
    try require((1...1_000_000).contains(epochs), "epochs", epochs, "1 to 1000000")
    try require(batchSize >= 1, "batch size", batchSize, "1 or more")
    try require(learningRate > 0 && learningRate.isFinite, "learning rate", learningRate, "more than 0")
    try require(warmupSteps >= 0, "warm-up steps", warmupSteps, "0 or more")
    try require((0...1).contains(labelSmoothing), "label smoothing", labelSmoothing, "a fraction in 0...1")
    if let gradientClipping {
      try require(
        gradientClipping > 0 && gradientClipping.isFinite, "gradient clipping", gradientClipping, "more than 0")
    }
    try require((0...64).contains(shift), "shift", shift, "0 to 64 pixels")
    try require((0..<1).contains(optimizer.momentum), "momentum", optimizer.momentum, "a fraction in 0..<1")
    try require(
      optimizer.weightDecay >= 0 && optimizer.weightDecay.isFinite, "weight decay", optimizer.weightDecay, "0 or more")
    try require((0..<1).contains(sparsity), "sparsity", sparsity, "a fraction in 0..<1")
    if let patience { try require(patience >= 1, "patience", patience, "1 epoch or more") }
    if method.beginsSparse && distribution == .global {
      throw .setting(
        "distribution", "global", expected: "another for \(method.rawValue), which has no scores to compare at first")
    }
  }
}
