import SparseKernels
import TensorCore

/// The gradient of a sparse layer's weights at all positions, pruned ones included.
enum DenseGradient {
  /// Computes the gradient of one use of a layer into memory of the pool.
  ///
  /// - Parameter outputGradient: `problem.outputShape` elements.
  /// - Complexity: O(rows * columns * output pixels) time; rows * columns floats, and about thrice as many while a dense
  ///   convolution is prepared.
  static func compute(
    problem: ConvProblem, input: Tensor, outputGradient: UnsafePointer<Float>, tape: Tape
  ) throws -> Tensor {
    let (rows, columns) = (problem.outputChannels, problem.weightsPerOutputChannel)
    let everywhere = CSRMatrix(
      uncheckedPattern: try .everywhere(rows: rows, columns: columns),
      values: [Float](repeating: 0, count: rows * columns))
    let conv = try DenseConvKernel().prepare(problem, weights: ConvWeights(everywhere))
    guard let gradients = conv.gradients else { preconditionFailure("DenseGradient: dense computes no gradients") }
    return try tape.tensor([rows, columns]) { gradient in
      try input.withStart {
        try gradients.weightGradient(
          input: $0, outputGradient: outputGradient, into: gradient, context: tape.context)
      }
    }
  }
}
