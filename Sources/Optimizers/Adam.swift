/// Adam: steps scaled by running means of the gradient and of its square.
///
/// For value x, gradient g and means m and v, at step t = 1, 2, ... with learning rate r:
///
///     g' = g + weightDecay * x
///     m  = beta1 * m + (1 - beta1) * g'
///     v  = beta2 * v + (1 - beta2) * g' * g'
///     x  = x - r / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + epsilon)
///
/// with ``BiasCorrection/full``; see there for the others. As PyTorch's `Adam`. Weight decay goes into the means here;
/// ``AdamW`` keeps it out. Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015,
/// <https://arxiv.org/abs/1412.6980>.
///
/// A weight that grows late starts with zero means when the corrections have long faded, so that its first steps are
/// up to (1 - beta1) / sqrt(1 - beta2) learning rates long, 3.2 with the defaults.
public struct Adam: Optimizer {
  /// The name of the kind in checkpoints.
  public static var name: String { "Adam" }

  /// How the means' start at zero is made up for.
  public enum BiasCorrection: String, Sendable, Codable {
    /// Both means are corrected and `epsilon` is added then, as PyTorch does.
    case full
    /// The correction is a factor of the learning rate, `epsilon` is added to the uncorrected root:
    /// x - r * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon). ONNX's `Adam` does so for T = t > 0.
    case rateOnly
    /// None: x - r * m / (sqrt(v) + epsilon). ONNX's `Adam` for T = 0.
    case none
  }

  /// How much of the gradient's mean is kept each step, in 0..<1.
  public let beta1: Double
  /// How much of the squares' mean is kept each step, in 0..<1.
  public let beta2: Double
  /// What keeps the divisor from zero.
  public let epsilon: Double
  /// How the means' start at zero is made up for.
  public let biasCorrection: BiasCorrection
  /// The factor of the values that is added to the gradient (L2).
  public let weightDecay: Double
  /// The parameters that weight decay applies to.
  public let decayFilter: ParameterFilter
  /// The step and the arrays.
  public var state = OptimizerState()

  private enum CodingKeys: CodingKey {
    case beta1, beta2, epsilon, biasCorrection, weightDecay, decayFilter
  }

  /// Creates an optimizer before its first step.
  ///
  /// - Precondition: the betas are in 0..<1, `epsilon` and `weightDecay` are not negative.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, biasCorrection: BiasCorrection = .full,
    weightDecay: Double = 0, decayFilter: ParameterFilter = .all
  ) {
    precondition((0..<1).contains(beta1) && (0..<1).contains(beta2), "Adam: betas \(beta1), \(beta2), expected 0..<1")
    precondition(
      epsilon >= 0 && weightDecay >= 0,
      "Adam: epsilon \(epsilon), weightDecay \(weightDecay), expected zero or more")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.biasCorrection = biasCorrection
    self.weightDecay = weightDecay
    self.decayFilter = decayFilter
  }

  /// The names of the arrays that are kept for each parameter.
  public var slotNames: [String] { AdamRule.slotNames }

  /// The arithmetic of one step.
  public func rule(step: Int, learningRate: Double, decays: Bool) -> AdamRule {
    AdamRule(
      beta1: beta1, beta2: beta2, epsilon: epsilon, correction: biasCorrection, step: step, learningRate: learningRate,
      decay: decays ? weightDecay : 0, shrink: 1)
  }
}
