import SparseKernels
import TensorCore

/// What an operation has computed, for ``Tape/inspector``.
public struct TapeOperation {
  /// What a profile calls the operation.
  public let name: String
  /// The numbers.
  public let output: Tensor
  /// The weight of the layer that computed them, or nil if it has none.
  public let weight: Parameter?
  /// The convolution, where it is one.
  public let problem: ConvProblem?
}

/// What a ``Tape`` shows the gradients of pruned weights to, for a rule that lets the steepest grow.
///
/// The gradient at all positions exists for one layer at a time: memory for it comes from the tape's pool and goes back before
/// the next layer's. (That of a layer which is used several times in a pass is kept from its last use to its first.) It is computed by
/// ``DenseConvKernel``, at the cost of a dense layer.
public protocol DenseGradientVisitor: AnyObject {
  /// Whether the gradient of this parameter's layer is wanted at all positions.
  func wantsDenseGradient(of weight: Parameter) -> Bool

  /// Takes the gradient; of a layer that is used several times in a pass, once, the sum of all uses. The parameter's pattern must not be
  /// changed before the backward pass has ended.
  ///
  /// - Parameters:
  ///   - gradient: one element per position, zeros' too, row-major: rows * columns.
  ///   - weight: whose; asked about before.
  func visit(_ gradient: UnsafeBufferPointer<Float>, of weight: Parameter)
}
