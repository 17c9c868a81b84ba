import Optimizers

/// Which optimizer, and its numbers, as a checkpoint stores them.
public struct OptimizerSettings: Hashable, Sendable, Codable {
  /// The kinds, by the names that a command line uses.
  public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
    /// Gradient descent with Nesterov's momentum.
    case sgd
    /// Adam, weight decay added to the gradient.
    case adam
    /// Adam with decoupled weight decay.
    case adamw
    /// RMSprop.
    case rmsprop

    /// A learning rate to begin with.
    public var usualLearningRate: Double {
      switch self {
      case .sgd: 0.1
      case .adam, .adamw: 3e-3
      case .rmsprop: 1e-3
      }
    }
  }

  /// The kind.
  public var kind: Kind
  /// How much of the buffer ``Kind/sgd`` and ``Kind/rmsprop`` keep each step.
  public var momentum: Double
  /// Weight decay, of all but biases and what BatchNorm holds.
  public var weightDecay: Double

  /// Creates settings.
  public init(_ kind: Kind = .adamw, momentum: Double = 0.9, weightDecay: Double = 1e-2) {
    self.kind = kind
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// An optimizer before its first step.
  ///
  /// - Parameter undecayed: the names of parameters without weight decay.
  func make(undecayed: [String]) -> any Optimizer {
    let filter = ParameterFilter(excluding: undecayed)
    switch kind {
    case .sgd:
      return SGD(momentum: momentum, nesterov: momentum > 0, weightDecay: weightDecay, decayFilter: filter)
    case .adam: return Adam(weightDecay: weightDecay, decayFilter: filter)
    case .adamw: return AdamW(weightDecay: weightDecay, decayFilter: filter)
    case .rmsprop: return RMSprop(momentum: momentum, weightDecay: weightDecay, decayFilter: filter)
    }
  }
}
