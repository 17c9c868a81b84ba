import TensorCore

/// What normalised a batch, by channel: kept for the backward pass.
struct BatchNormStatistics {
  private let values: Tensor
  private let channels: Int

  /// - Parameter initialize: receives the means, the inverse deviations and their products with the weights, one per channel,
  ///   and writes those that are known.
  init(
    channels: Int, pool: TensorPool,
    _ initialize: (
      _ mean: UnsafeMutablePointer<Float>, _ inverse: UnsafeMutablePointer<Float>, _ scale: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    self.channels = channels
    values = Tensor(uninitialized: [3, channels], pool: pool) { values in
      guard let start = values.baseAddress else { return }
      initialize(start, start + channels, start + 2 * channels)
    }
  }

  /// Calls `body` with means, inverse deviations, and scales. Only the forward call that made them writes.
  func withPointers(
    _ body: (
      _ mean: UnsafeMutablePointer<Float>, _ inverse: UnsafeMutablePointer<Float>, _ scale: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    values.withStart { start in
      let start = UnsafeMutablePointer(mutating: start)
      body(start, start + channels, start + 2 * channels)
    }
  }
}
