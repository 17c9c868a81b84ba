import TensorCore

/// How much each stored weight matters: the highest are kept.
public enum PruningScore: Hashable, Sendable, Codable {
  /// Random numbers in 0..<1, for a layer's name always the same: the control that a method has to beat.
  case random(seed: UInt64)
  /// |w|. Han et al., "Learning both weights and connections for efficient neural networks", NIPS 2015,
  /// <https://arxiv.org/abs/1506.02626>.
  case magnitude
  /// |w * g|, how much the loss would change at first order. Lee et al., "SNIP: single-shot network pruning based on
  /// connection sensitivity", ICLR 2019, <https://arxiv.org/abs/1810.02340>, whose division by the sum over the network
  /// changes no order and is left out.
  case sensitivity
  /// -w * g, positive for a weight that moves away from zero, summed over the steps by ``MovementScores``. Sanh et al.,
  /// "Movement pruning: adaptive sparsity by fine-tuning", NeurIPS 2020, <https://arxiv.org/abs/2005.07683>.
  case movement

  /// Whether ``scores(name:values:gradient:)`` looks at the gradient.
  public var needsGradient: Bool {
    switch self {
    case .random, .magnitude: false
    case .sensitivity, .movement: true
    }
  }

  /// The scores of one layer's stored weights; of ``movement`` what this step adds to them.
  ///
  /// A NaN among the operands makes its score NaN, which masks take for the highest.
  ///
  /// - Parameters:
  ///   - name: the layer's, for random scores.
  ///   - values: the weights.
  ///   - gradient: the loss's gradient at the same positions, if ``needsGradient``.
  /// - Precondition: a gradient that is needed has one element for each value.
  public func scores(name: String, values: [Float], gradient: [Float] = []) -> [Float] {
    precondition(
      !needsGradient || gradient.count == values.count,
      "PruningScore: \(name) has \(values.count) values, \(gradient.count) gradients")
    switch self {
    case .random(let seed):
      var generator = SeededGenerator(seed: seed, name: name, step: 0)
      return values.map { _ in generator.nextUnit() }
    case .magnitude: return values.map(\.magnitude)
    case .sensitivity: return zip(values, gradient).map { abs($0 * $1) }
    case .movement: return zip(values, gradient).map { -$0 * $1 }
    }
  }
}
