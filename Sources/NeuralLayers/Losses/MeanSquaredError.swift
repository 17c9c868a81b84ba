import TensorCore

/// The mean over all elements of `(prediction - target)^2`.
public struct MeanSquaredError: Sendable {
  /// Creates the loss.
  public init() {}

  /// Computes the loss, a scalar.
  ///
  /// - Parameters:
  ///   - prediction: of any shape, not empty.
  ///   - target: of the prediction's shape.
  /// - Throws: ``LossError`` if the batch is empty or the shapes differ.
  public func callAsFunction(_ prediction: Variable, target: Tensor) throws(LossError) -> Variable {
    try ElementLoss.mean(prediction, target: target, name: "MeanSquaredError") { prediction, target in
      let difference = Double(prediction) - Double(target)
      return (difference * difference, Float(2 * difference))
    }
  }
}
