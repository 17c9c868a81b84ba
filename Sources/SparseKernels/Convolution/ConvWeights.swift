import TensorCore

/// The weights of a convolution as a sparse matrix: one row per output channel, with column
/// `(inputChannel * kernelHeight + y) * kernelWidth + x`, where `inputChannel` counts within the group.
public struct ConvWeights: Sendable {
  /// The stored weights; the truth from which every kernel packs its own form.
  public let matrix: CSRMatrix

  /// Wraps a matrix of that layout.
  public init(_ matrix: CSRMatrix) {
    self.matrix = matrix
  }

  /// Stores the elements of OIHW weights whose magnitude is above a threshold (with 0, the nonzero ones).
  ///
  /// - Parameters:
  ///   - tensor: `[outputChannels, inputChannels / groups, kernelHeight, kernelWidth]`.
  ///   - threshold: zero or more.
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(oihw tensor: Tensor, threshold: Float = 0) throws(SparseMatrixError) {
    matrix = try CSRMatrix(tensor, threshold: threshold)
  }

  /// Random weights of a problem with exactly the share `sparsity` of zeros, spread evenly over -1..<1.
  ///
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public static func random(
    for problem: ConvProblem, sparsity: Double, using generator: inout SeededGenerator
  ) throws(SparseMatrixError) -> ConvWeights {
    ConvWeights(
      try .random(
        rows: problem.outputChannels, columns: problem.weightsPerOutputChannel, sparsity: sparsity, using: &generator))
  }

  /// The dense OIHW tensor.
  ///
  /// - Precondition: the matrix fits the problem.
  public func oihw(for problem: ConvProblem) -> Tensor {
    matrix.dense(shape: problem.weightShape)
  }

  /// Checks that the matrix has the rows and columns of a problem.
  ///
  /// - Throws: ``KernelError/weightShape(rows:columns:problem:)``.
  func check(against problem: ConvProblem) throws(KernelError) {
    if matrix.rows != problem.outputChannels || matrix.columns != problem.weightsPerOutputChannel {
      throw .weightShape(rows: matrix.rows, columns: matrix.columns, problem: problem)
    }
  }
}
