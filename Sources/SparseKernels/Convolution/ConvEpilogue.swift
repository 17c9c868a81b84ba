import TensorCore

/// What happens to each sum of a convolution before it is stored: the bias is added, then the residual, and the
/// activation applied to the whole, in the order of a ResNet's block.
public struct ConvEpilogue: Equatable, Sendable {
  /// One value per output channel, or nil for none.
  public var bias: [Float]?
  /// A tensor of the output's shape, NCHW, added element by element, or nil for none.
  public var residual: Tensor?
  /// The function of the sum.
  public var activation: Activation

  /// Creates an epilogue; by default it changes nothing.
  public init(bias: [Float]? = nil, residual: Tensor? = nil, activation: Activation = .identity) {
    self.bias = bias
    self.residual = residual
    self.activation = activation
  }

  /// The sums as they are.
  public static let none = ConvEpilogue()
}

extension ConvEpilogue {
  /// Calls `body` with the epilogue as raw memory, for a call that stores into `output`.
  ///
  /// - Precondition: the activation's bounds are in order; see ``Activation/clamp(lower:upper:)``.
  func run<Result>(
    into output: UnsafeMutablePointer<Float>, _ body: (RunningEpilogue) throws -> Result
  ) rethrows -> Result {
    let bounds = activation.bounds
    return try Self.withAddress(of: bias) { bias in
      guard let residual else { return try body(RunningEpilogue(output: output, bias: bias, bounds: bounds)) }
      return try residual.withUnsafeBufferPointer {
        try body(RunningEpilogue(output: output, bias: bias, residual: $0.baseAddress, bounds: bounds))
      }
    }
  }

  private static func withAddress<Result>(
    of values: [Float]?, _ body: (UnsafePointer<Float>?) throws -> Result
  ) rethrows -> Result {
    guard let values else { return try body(nil) }
    return try values.withUnsafeBufferPointer { try body($0.baseAddress) }
  }
}
