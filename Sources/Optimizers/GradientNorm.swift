/// The norm of several gradients together, and the factor that brings it down to a limit.
///
///     var norm = GradientNorm()
///     for gradient in gradients { norm.add(gradient) }
///     for gradient in gradients { GradientNorm.scale(gradient, by: norm.clippingFactor(limit: 1)) }
///
/// Squares and sums are in `Double`, in an order that follows from the lengths and the order of the gradients.
/// Threads may share the work by ``sumOfSquares(_:)`` of pieces of fixed lengths, added in a fixed order by
/// ``add(sumOfSquares:)``.
public struct GradientNorm: Sendable {
  /// The sum of the squares so far.
  public private(set) var sumOfSquares = 0.0

  /// The norm of nothing, 0.
  public init() {}

  /// The root of the sum of the squares; NaN or infinite if a gradient has such an element.
  public var value: Double { sumOfSquares.squareRoot() }

  /// Adds a gradient's elements.
  public mutating func add(_ gradient: UnsafeBufferPointer<Float>) {
    sumOfSquares += Self.sumOfSquares(gradient)
  }

  /// Adds a sum of squares that was computed elsewhere.
  public mutating func add(sumOfSquares: Double) {
    self.sumOfSquares += sumOfSquares
  }

  /// The factor that brings the norm down to `limit`, as PyTorch's `clip_grad_norm_`:
  /// min(1, limit / (value + 1e-6)), and 1 if the norm is NaN or infinite, since no factor mends that: look at `value`.
  ///
  /// - Precondition: `limit > 0`.
  public func clippingFactor(limit: Double) -> Float {
    precondition(limit > 0, "GradientNorm: limit \(limit), expected more than 0")
    return value.isFinite ? Float(min(1, limit / (value + 1e-6))) : 1
  }

  /// The sum of the squares of some elements.
  public static func sumOfSquares(_ elements: UnsafeBufferPointer<Float>) -> Double {
    // Eight sums side by side, which is what lets them be a vector.
    var sums = SIMD8<Double>()
    let whole = elements.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      var eight = SIMD8<Double>()
      for lane in 0..<8 { eight[lane] = Double(elements[start + lane]) }
      sums += eight * eight
    }
    for index in whole..<elements.count { sums[index - whole] += Double(elements[index]) * Double(elements[index]) }
    return sums.sum()
  }

  /// Multiplies elements by a factor; by 1 it does nothing.
  public static func scale(_ elements: UnsafeMutableBufferPointer<Float>, by factor: Float) {
    if factor == 1 { return }
    for index in elements.indices { elements[index] *= factor }
  }
}
