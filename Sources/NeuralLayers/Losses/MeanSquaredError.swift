import Foundation
import SparseKernels
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

/// Means of a function of each element of a prediction and a target.
private enum ElementLoss {
  /// - Parameter element: gives an element's loss, and its derivative with respect to the prediction.
  static func mean(
    _ prediction: Variable, target: Tensor, name: String,
    _ element: (_ prediction: Float, _ target: Float) -> (loss: Double, derivative: Float)
  ) throws(LossError) -> Variable {
    let (tape, count) = (prediction.tape, prediction.value.count)
    if count == 0 { throw .emptyBatch }
    if target.shape != prediction.shape {
      throw .targetShape(target.shape.dimensions, expected: prediction.shape.dimensions)
    }
    var total = 0.0
    let derivatives = tape.measured(name, .forward) {
      tape.tensor(prediction.shape) { derivatives in
        prediction.value.withStart { prediction in
          target.withStart { target in
            for index in 0..<count {
              let (loss, derivative) = element(prediction[index], target[index])
              total += loss
              derivatives[index] = derivative
            }
          }
        }
      }
    }
    let loss = tape.tensor([]) { $0[0] = Float(total / Double(count)) }
    guard let node = prediction.node else { return tape.input(loss) }
    return tape.variable(loss, name, needsGradient: true) { gradient in
      let scale = gradient[flat: 0] / Float(count)
      tape.addGradient(to: node, shape: derivatives.shape) { result in
        derivatives.withStart { derivatives in
          for index in 0..<count { result[index] = derivatives[index] * scale }
        }
      }
    }
  }
}
