import TensorCore

extension Variable {
  /// The sum of all elements, a scalar: 0 if there are none. It is added up in `Double`.
  public func sum() -> Variable { total("Sum", scale: 1) }

  /// The mean of all elements, a scalar. It is added up in `Double`.
  ///
  /// - Precondition: there are elements.
  public func mean() -> Variable {
    precondition(value.count > 0, "mean: a variable of shape \(shape) has no elements")
    return total("Mean", scale: 1 / Double(value.count))
  }

  private func total(_ operation: String, scale: Double) -> Variable {
    let (tape, shape) = (tape, shape)
    let result = tape.measured(operation, .forward) {
      tape.tensor([]) { result in
        var total = 0.0
        value.withUnsafeBufferPointer { for element in $0 { total += Double(element) } }
        result[0] = Float(total * scale)
      }
    }
    guard let node else { return tape.input(result) }
    return tape.variable(result, operation, needsGradient: true) { gradient in
      let share = Float(Double(gradient[flat: 0]) * scale)
      tape.addGradient(to: node, shape: shape) { $0.update(repeating: share, count: shape.elementCount) }
    }
  }
}
