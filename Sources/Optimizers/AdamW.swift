/// Adam with decoupled weight decay: values shrink by a factor, and the means never see it.
///
/// At each step x = (1 - r * weightDecay) * x for learning rate r, then ``Adam``'s step without weight decay. As
/// PyTorch's `AdamW`. Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019,
/// <https://arxiv.org/abs/1711.05101>.
public struct AdamW: Optimizer {
  /// The name of the kind in checkpoints.
  public static var name: String { "AdamW" }

  /// How much of the gradient's mean is kept each step, in 0..<1.
  public let beta1: Double
  /// How much of the squares' mean is kept each step, in 0..<1.
  public let beta2: Double
  /// What keeps the divisor from zero.
  public let epsilon: Double
  /// What part of the values goes per step and learning rate.
  public let weightDecay: Double
  /// The parameters that weight decay applies to.
  public let decayFilter: ParameterFilter
  /// The step and the arrays.
  public var state = OptimizerState()

  private enum CodingKeys: CodingKey {
    case beta1, beta2, epsilon, weightDecay, decayFilter
  }

  /// Creates an optimizer before its first step.
  ///
  /// - Precondition: the betas are in 0..<1, `epsilon` and `weightDecay` are not negative.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01,
    decayFilter: ParameterFilter = .all
  ) {
    precondition((0..<1).contains(beta1) && (0..<1).contains(beta2), "AdamW: betas \(beta1), \(beta2), expected 0..<1")
    precondition(
      epsilon >= 0 && weightDecay >= 0,
      "AdamW: epsilon \(epsilon), weightDecay \(weightDecay), expected zero or more")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decayFilter = decayFilter
  }

  /// The names of the arrays that are kept for each parameter.
  public var slotNames: [String] { AdamRule.slotNames }

  /// The arithmetic of one step.
  public func rule(step: Int, learningRate: Double, decays: Bool) -> AdamRule {
    AdamRule(
      beta1: beta1, beta2: beta2, epsilon: epsilon, correction: .full, step: step, learningRate: learningRate,
      decay: 0, shrink: decays ? 1 - learningRate * weightDecay : 1)
  }
}
