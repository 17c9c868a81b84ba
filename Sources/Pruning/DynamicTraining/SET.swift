extension DynamicSparsity {
  /// Sparse evolutionary training: a constant part is dropped, random positions grow. Mocanu et al., "Scalable training
  /// of artificial neural networks with adaptive sparse connectivity inspired by network science", Nature
  /// Communications 2018, <https://arxiv.org/abs/1707.04780>. The paper drops the smallest positive and the largest
  /// negative weights, the same part of each; here, as in RigL's comparison with it, the smallest magnitudes.
  public static func set(fraction: Double = 0.3, seed: UInt64, interval: Int, end: Int) -> DynamicSparsity {
    DynamicSparsity(
      growth: .random(seed: seed), initialFraction: fraction, interval: interval, end: end, decays: false)
  }
}
