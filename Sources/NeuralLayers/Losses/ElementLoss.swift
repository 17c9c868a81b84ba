import TensorCore

/// Means of a function of each element of a prediction and a target.
enum ElementLoss {
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
