extension PruningMethod {
  /// The smallest weights, all at once. Han et al., "Learning both weights and connections for efficient neural
  /// networks", NIPS 2015, <https://arxiv.org/abs/1506.02626>.
  public static func magnitude(
    sparsity: Double, distribution: SparsityDistribution = .uniform, at step: Int = 0
  ) -> PruningMethod {
    PruningMethod(score: .magnitude, distribution: distribution, schedule: .oneShot(final: sparsity, step: step))
  }

  /// The smallest weights, more and more of them while training goes on (GMP). Zhu and Gupta, "To prune, or not to
  /// prune: exploring the efficacy of pruning for model compression", 2017, <https://arxiv.org/abs/1710.01878>.
  public static func gradualMagnitude(
    sparsity: Double, distribution: SparsityDistribution = .uniform, begin: Int, end: Int, interval: Int
  ) -> PruningMethod {
    PruningMethod(
      score: .magnitude, distribution: distribution,
      schedule: .cubic(initial: 0, final: sparsity, begin: begin, end: end, interval: interval))
  }
}
