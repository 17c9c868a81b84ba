import SparseKernels
import TensorCore

extension PassOperands {
  /// Room for what the pass computes, all NaN.
  package func emptyResult(_ problem: ConvProblem, weights: ConvWeights) -> Tensor {
    Tensor(repeating: .nan, shape: resultShape(problem, nnz: weights.matrix.nnz))
  }
}
