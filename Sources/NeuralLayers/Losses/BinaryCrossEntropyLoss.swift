import Foundation
import TensorCore

/// The mean over all elements of the binary cross-entropy of `sigmoid(logit)` and a target in 0...1, from logits:
/// `max(x, 0) - x t + log(1 + exp(-|x|))`, which overflows nowhere.
public struct BinaryCrossEntropyLoss: Sendable {
  /// Creates the loss.
  public init() {}

  /// Computes the loss, a scalar.
  ///
  /// - Parameters:
  ///   - logits: of any shape, not empty.
  ///   - target: of the logits' shape.
  /// - Throws: ``LossError`` if the batch is empty or the shapes differ.
  public func callAsFunction(_ logits: Variable, target: Tensor) throws(LossError) -> Variable {
    try ElementLoss.mean(logits, target: target, name: "BinaryCrossEntropyLoss") { logit, target in
      let (x, t) = (Double(logit), Double(target))
      let small = exp(-abs(x))
      let logistic = x >= 0 ? 1 / (1 + small) : small / (1 + small)
      return (max(x, 0) - x * t + log1p(small), Float(logistic - t))
    }
  }
}
