extension PruningMethod {
  /// The weights that move towards zero, more and more of them while training goes on; scores from ``MovementScores``.
  /// Sanh et al., "Movement pruning: adaptive sparsity by fine-tuning", NeurIPS 2020, <https://arxiv.org/abs/2005.07683>.
  public static func movement(
    sparsity: Double, distribution: SparsityDistribution = .global, begin: Int, end: Int, interval: Int
  ) -> PruningMethod {
    PruningMethod(
      score: .movement, distribution: distribution,
      schedule: .cubic(initial: 0, final: sparsity, begin: begin, end: end, interval: interval))
  }
}
