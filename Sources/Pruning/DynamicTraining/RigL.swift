extension DynamicSparsity {
  /// RigL: a part that falls by half a cosine is dropped, and the positions with the largest gradient grow. Evci et al.,
  /// "Rigging the lottery: making all tickets winners", ICML 2020, <https://arxiv.org/abs/1911.11134>; fraction and
  /// interval are the paper's, which ends after three quarters of the training.
  public static func rigL(fraction: Double = 0.3, interval: Int = 100, end: Int) -> DynamicSparsity {
    DynamicSparsity(growth: .gradient, initialFraction: fraction, interval: interval, end: end, decays: true)
  }
}
