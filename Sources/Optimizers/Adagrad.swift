/// Adagrad: steps divided by the root of the sum of all squares of the gradient so far.
///
/// For value x, gradient g and sum h, at step t = 1, 2, ... with learning rate r:
///
///     g' = g + weightDecay * x
///     h  = h + g' * g'
///     x  = x - r / (1 + (t - 1) * learningRateDecay) * g' / (sqrt(h) + epsilon)
///
/// As PyTorch's `Adagrad` and ONNX's (`T` = t - 1). Duchi, Hazan and Singer, "Adaptive subgradient methods for online
/// learning and stochastic optimization", JMLR 12, 2011, <https://jmlr.org/papers/v12/duchi11a.html>.
public struct Adagrad: Optimizer {
  /// The name of the kind in checkpoints.
  public static var name: String { "Adagrad" }

  /// How fast the learning rate falls with the steps.
  public let learningRateDecay: Double
  /// What keeps the divisor from zero.
  public let epsilon: Double
  /// The factor of the values that is added to the gradient (L2).
  public let weightDecay: Double
  /// The parameters that weight decay applies to.
  public let decayFilter: ParameterFilter
  /// The step and the arrays.
  public var state = OptimizerState()

  private enum CodingKeys: CodingKey {
    case learningRateDecay, epsilon, weightDecay, decayFilter
  }

  /// Creates an optimizer before its first step.
  ///
  /// - Precondition: no number is negative.
  public init(
    learningRateDecay: Double = 0, epsilon: Double = 1e-10, weightDecay: Double = 0,
    decayFilter: ParameterFilter = .all
  ) {
    precondition(
      learningRateDecay >= 0 && epsilon >= 0 && weightDecay >= 0,
      "Adagrad: learningRateDecay \(learningRateDecay), epsilon \(epsilon), weightDecay \(weightDecay), "
        + "expected zero or more")
    self.learningRateDecay = learningRateDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decayFilter = decayFilter
  }

  /// The names of the arrays that are kept for each parameter.
  public var slotNames: [String] { ["sum"] }

  /// The arithmetic of one step.
  public func rule(step: Int, learningRate: Double, decays: Bool) -> AdagradRule {
    AdagradRule(
      stepSize: Float(learningRate / (1 + Double(step - 1) * learningRateDecay)), epsilon: Float(epsilon),
      decay: decays ? Float(weightDecay) : 0)
  }
}

/// The arithmetic of ``Adagrad``.
public struct AdagradRule: UpdateRule {
  let stepSize: Float
  let epsilon: Float
  let decay: Float

  /// How many arrays the rule keeps.
  public var slotCount: Int { 1 }

  /// Changes values by their gradients.
  public func apply(
    values: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    slotStride: Int, count: Int
  ) {
    for index in 0..<count {
      let value = values[index]
      let regularized = gradient[index] + decay * value
      let sum = state[index] + regularized * regularized
      state[index] = sum
      values[index] = value - stepSize * regularized / (sum.vectorizableRoot + epsilon)
    }
  }
}
