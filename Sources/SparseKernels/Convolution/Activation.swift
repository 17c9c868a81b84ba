/// A function of one number that a kernel can apply as it stores it.
public enum Activation: Hashable, Sendable {
  /// The number itself.
  case identity
  /// The number, or 0 if it is negative; NaN stays NaN.
  case relu
  /// The nearest number in `lower...upper`; NaN stays NaN. ReLU6 is `clamp(lower: 0, upper: 6)`.
  ///
  /// A bound may be infinite. `lower <= upper` is a precondition of the call that applies the activation, since a case
  /// can check nothing; a NaN is no bound.
  case clamp(lower: Float, upper: Float)

  /// The bounds that say it all: the value is `min(upper, max(lower, x))`, where NaN stays NaN.
  ///
  /// - Precondition: the bounds of a clamp are in order, and not NaN.
  var bounds: (lower: Float, upper: Float) {
    switch self {
    case .identity: return (-.infinity, .infinity)
    case .relu: return (0, .infinity)
    case .clamp(let lower, let upper):
      precondition(lower <= upper, "clamp: the bounds are \(lower) and \(upper), expected lower <= upper")
      return (lower, upper)
    }
  }
}

extension FloatingPoint {
  /// The nearest number in `lower...upper`; NaN stays NaN.
  ///
  /// Written as the two comparisons that a vector unit has instructions for.
  @inline(__always)
  func clamped(lower: Self, upper: Self) -> Self {
    let raised = self < lower ? lower : self
    return raised > upper ? upper : raised
  }
}
