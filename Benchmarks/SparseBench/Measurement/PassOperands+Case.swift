import SparseKernels
import TensorCore

extension PassOperands {
  /// Room for what the pass computes of a case, all NaN.
  package func emptyResult(for item: BenchCase) -> Tensor { emptyResult(item.problem, weights: item.weights) }
}

extension Verification {
  /// Computes the expected result of a case with the reference kernel.
  package init(_ item: BenchCase, operands: PassOperands, context: ComputeContext) throws {
    try self.init(item.problem, weights: item.weights, operands: operands, context: context)
  }
}
