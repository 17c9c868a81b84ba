extension PruningMethod {
  /// The weights that the loss depends on least, by one gradient at the beginning, over the whole network. Lee et al.,
  /// "SNIP: single-shot network pruning based on connection sensitivity", ICLR 2019, <https://arxiv.org/abs/1810.02340>.
  public static func snip(sparsity: Double, at step: Int = 0) -> PruningMethod {
    PruningMethod(score: .sensitivity, distribution: .global, schedule: .oneShot(final: sparsity, step: step))
  }
}
