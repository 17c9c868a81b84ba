import TensorCore

/// `[batch, channels, height, width]` to `[batch, channels * height * width]`, without a copy.
public struct Flatten: Layer {
  /// Creates the layer.
  public init() {}

  /// Joins all dimensions but the first.
  public func callAsFunction(_ input: Variable) -> Variable {
    precondition(input.shape.rank > 0, "Flatten: a scalar has no batch")
    return input.reshaped(to: [input.shape[0], input.shape.dimensions.dropFirst().reduce(1, *)])
  }
}

extension Variable {
  /// The same elements under another shape, without a copy.
  ///
  /// - Precondition: the number of elements is the same.
  public func reshaped(to shape: Shape) -> Variable {
    let (tape, before) = (tape, value.shape)
    let result = value.reshaped(to: shape)
    guard let node else { return tape.input(result) }
    return tape.variable(result, "Reshape", needsGradient: true) { gradient in
      tape.addGradient(gradient.reshaped(to: before), to: node)
    }
  }
}
