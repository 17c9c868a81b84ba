extension PruningMethod {
  /// Random weights, at once: a static random mask, the control for every other method, and the pattern that dynamic
  /// sparse training begins with.
  public static func random(
    sparsity: Double, seed: UInt64, distribution: SparsityDistribution = .erdosRenyiKernel, at step: Int = 0
  ) -> PruningMethod {
    PruningMethod(
      score: .random(seed: seed), distribution: distribution, schedule: .oneShot(final: sparsity, step: step))
  }
}
