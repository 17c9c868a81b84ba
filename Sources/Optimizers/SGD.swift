/// Stochastic gradient descent, with momentum and Nesterov's variant of it.
///
/// For value x, gradient g and momentum buffer b, at step t = 1, 2, ... with learning rate r:
///
///     g' = g + weightDecay * x
///     b  = momentum * b + (t == 1 ? 1 : 1 - dampening) * g'
///     x  = x - r * b                        without Nesterov
///     x  = x - r * (g' + momentum * b)      with Nesterov
///
/// Without momentum b is g' and nothing is remembered. As PyTorch's `SGD` and ONNX's `Momentum` (`alpha` = momentum,
/// `beta` = 1 - dampening, `T` = t - 1). Sutskever et al., "On the importance of initialization and momentum in deep
/// learning", ICML 2013, <https://proceedings.mlr.press/v28/sutskever13.html>.
public struct SGD: Optimizer {
  /// The name of the kind in checkpoints.
  public static var name: String { "SGD" }

  /// How much of the buffer is kept each step, in 0..<1; 0 for plain descent.
  public let momentum: Double
  /// What is taken off each gradient but the first on its way into the buffer.
  public let dampening: Double
  /// Whether to look ahead along the buffer.
  public let nesterov: Bool
  /// The factor of the values that is added to the gradient (L2).
  public let weightDecay: Double
  /// The parameters that weight decay applies to.
  public let decayFilter: ParameterFilter
  /// The step and the arrays.
  public var state = OptimizerState()

  private enum CodingKeys: CodingKey {
    case momentum, dampening, nesterov, weightDecay, decayFilter
  }

  /// Creates an optimizer before its first step.
  ///
  /// - Precondition: `momentum` is in 0..<1, `weightDecay` is not negative.
  public init(
    momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false, weightDecay: Double = 0,
    decayFilter: ParameterFilter = .all
  ) {
    precondition((0..<1).contains(momentum), "SGD: momentum \(momentum), expected 0..<1")
    precondition(weightDecay >= 0, "SGD: weightDecay \(weightDecay), expected zero or more")
    self.momentum = momentum
    self.dampening = dampening
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self.decayFilter = decayFilter
  }

  /// The names of the arrays that are kept for each parameter.
  public var slotNames: [String] { momentum == 0 ? [] : ["momentum_buffer"] }

  /// The arithmetic of one step.
  public func rule(step: Int, learningRate: Double, decays: Bool) -> SGDRule {
    SGDRule(
      learningRate: Float(learningRate), decay: decays ? Float(weightDecay) : 0, momentum: Float(momentum),
      gain: step == 1 ? 1 : Float(1 - dampening), nesterov: nesterov)
  }
}

/// The arithmetic of ``SGD``.
public struct SGDRule: UpdateRule {
  let learningRate: Float
  let decay: Float
  let momentum: Float
  let gain: Float
  let nesterov: Bool

  /// How many arrays the rule keeps.
  public var slotCount: Int { momentum == 0 ? 0 : 1 }

  /// Changes values by their gradients.
  public func apply(
    values: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    slotStride: Int, count: Int
  ) {
    if momentum == 0 {
      for index in 0..<count {
        values[index] -= learningRate * (gradient[index] + decay * values[index])
      }
    } else if nesterov {
      for index in 0..<count {
        let value = values[index]
        let regularized = gradient[index] + decay * value
        let buffer = momentum * state[index] + gain * regularized
        state[index] = buffer
        values[index] = value - learningRate * (regularized + momentum * buffer)
      }
    } else {
      for index in 0..<count {
        let value = values[index]
        let buffer = momentum * state[index] + gain * (gradient[index] + decay * value)
        state[index] = buffer
        values[index] = value - learningRate * buffer
      }
    }
  }
}
