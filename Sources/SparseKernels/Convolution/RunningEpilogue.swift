/// An epilogue during one call, as raw memory: what kernels read as they store.
///
/// What is stored is `min(upper, max(lower, sum + bias + residual))`, where NaN stays NaN.
struct RunningEpilogue {
  /// Where the output begins, by which an element of the output finds its residual.
  let output: UnsafePointer<Float>
  /// One value per output channel, or nil.
  let bias: UnsafePointer<Float>?
  /// Laid out as the output, or nil.
  let residual: UnsafePointer<Float>?
  /// The least and the greatest number that is stored; infinite where the activation has no bound.
  let bounds: (lower: Float, upper: Float)

  /// Creates an epilogue for an output; by default it changes nothing.
  init(
    output: UnsafePointer<Float>, bias: UnsafePointer<Float>? = nil, residual: UnsafePointer<Float>? = nil,
    bounds: (lower: Float, upper: Float) = Activation.identity.bounds
  ) {
    self.output = output
    self.bias = bias
    self.residual = residual
    self.bounds = bounds
  }

  func bias(ofChannel channel: Int) -> Float {
    bias.map { $0[channel] } ?? 0
  }

  /// The residual of the output element at `destination`, and of those after it; nil without a residual.
  func residual(at destination: UnsafePointer<Float>) -> UnsafePointer<Float>? {
    residual.map { $0 + (destination - output) }
  }

  /// Whether storing means no more than storing.
  var isIdentity: Bool { bias == nil && residual == nil && bounds == Activation.identity.bounds }

  /// Writes `activation(source + bias + residual)` to neighbouring output elements of one channel.
  ///
  /// - Parameters:
  ///   - source: the sums; may be the destination itself, but must not overlap it otherwise.
  ///   - channel: counted through all groups, which selects the bias.
  ///   - destination: in the output, which selects the residual.
  func store(_ source: UnsafePointer<Float>, count: Int, channel: Int, into destination: UnsafeMutablePointer<Float>) {
    // Saying that both are one lets the compiler use vectors: it asks at run time whether different pointers overlap,
    // and if they do goes one by one, four times as slow.
    if source == UnsafePointer(destination) {
      finish(destination, count, channel, destination)
    } else {
      finish(source, count, channel, destination)
    }
  }

  @inline(__always)
  private func finish(
    _ source: UnsafePointer<Float>, _ count: Int, _ channel: Int, _ destination: UnsafeMutablePointer<Float>
  ) {
    let bias = bias(ofChannel: channel)
    let (lower, upper) = bounds
    if let residual = residual(at: destination) {
      for index in 0..<count {
        destination[index] = (source[index] + bias + residual[index]).clamped(lower: lower, upper: upper)
      }
    } else {
      for index in 0..<count { destination[index] = (source[index] + bias).clamped(lower: lower, upper: upper) }
    }
  }
}
