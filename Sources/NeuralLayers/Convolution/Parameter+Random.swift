import TensorCore

extension Parameter {
  /// Dense weights as an initializer gives them.
  static func random(_ shape: Shape, _ initializer: Initializer, using generator: inout SeededGenerator) -> Parameter {
    let values = initializer.values(count: shape.elementCount, shape: shape, density: 1, using: &generator)
    return Parameter(Tensor(values, shape: shape))
  }

  /// Sparse weights at random places, as an initializer gives them.
  static func random(
    _ shape: Shape, sparsity: Double, _ initializer: Initializer, using generator: inout SeededGenerator
  ) throws(SparseMatrixError) -> Parameter {
    let columns = shape.dimensions.dropFirst().reduce(1, *)
    let pattern = try SparsityPattern.random(rows: shape[0], columns: columns, sparsity: sparsity, using: &generator)
    let values = initializer.values(count: pattern.nnz, shape: shape, density: pattern.density, using: &generator)
    return Parameter(CSRMatrix(uncheckedPattern: pattern, values: values), shape: shape)
  }

  /// A bias as PyTorch's layers begin with, evenly within `1 / sqrt(inputs)`.
  static func randomBias(
    ofWeights shape: Shape, density: Double = 1, using generator: inout SeededGenerator
  ) -> Parameter {
    let values = Initializer.inverseRoot.values(count: shape[0], shape: shape, density: density, using: &generator)
    return Parameter(Tensor(values, shape: [shape[0]]))
  }
}
