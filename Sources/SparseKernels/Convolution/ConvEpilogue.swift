/// What happens to each sum of a convolution before it is stored: the bias is added, then the activation applied.
public struct ConvEpilogue: Hashable, Sendable {
  /// One value per output channel, or nil for none.
  public var bias: [Float]?
  /// The function of the sum.
  public var activation: Activation

  /// Creates an epilogue; by default it changes nothing.
  public init(bias: [Float]? = nil, activation: Activation = .identity) {
    self.bias = bias
    self.activation = activation
  }

  /// The sums as they are.
  public static let none = ConvEpilogue()
}

/// A function of one number that a kernel can apply as it stores it.
public enum Activation: Hashable, Sendable {
  /// The number itself.
  case identity
  /// The number, or 0 if it is negative; NaN stays NaN.
  case relu

  /// The function's value.
  @inline(__always)
  func callAsFunction<Value: FloatingPoint>(_ value: Value) -> Value {
    switch self {
    case .identity: value
    case .relu: value < 0 ? 0 : value
    }
  }
}

/// An epilogue during one call: the bias as a pointer.
struct RunningEpilogue {
  let bias: UnsafePointer<Float>?
  let activation: Activation

  func bias(ofChannel channel: Int) -> Float {
    bias.map { $0[channel] } ?? 0
  }

  /// Whether storing means more than storing.
  var isIdentity: Bool { bias == nil && activation == .identity }
}

extension ConvEpilogue {
  /// Calls `body` with the bias as a pointer.
  func run<Result>(_ body: (RunningEpilogue) throws -> Result) rethrows -> Result {
    guard let bias else { return try body(RunningEpilogue(bias: nil, activation: activation)) }
    return try bias.withUnsafeBufferPointer {
      try body(RunningEpilogue(bias: $0.baseAddress, activation: activation))
    }
  }
}
