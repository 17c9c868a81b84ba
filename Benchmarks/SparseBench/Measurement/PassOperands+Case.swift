import SparseKernels
import TensorCore

extension PassOperands {
  /// Room for what the pass computes of a case, all NaN.
  package func emptyResult(for item: BenchCase) -> Tensor {
    Tensor(repeating: .nan, shape: resultShape(item.problem, nnz: item.weights.matrix.nnz))
  }
}
