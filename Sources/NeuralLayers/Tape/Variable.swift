import SparseKernels
import TensorCore

/// A tensor and its place on a ``Tape``: what layers take and give.
public struct Variable {
  /// The numbers.
  public let value: Tensor

  /// What computed it.
  public let tape: Tape

  /// The place on the tape, or nil if no gradient is wanted of it.
  let node: Int?

  /// The extents.
  public var shape: Shape { value.shape }

  /// Whether a backward pass computes the gradient with respect to this variable.
  public var needsGradient: Bool { node != nil }

  /// The only element, of a loss for example.
  ///
  /// - Precondition: there is one element.
  public var scalar: Float {
    precondition(value.count == 1, "Variable: a scalar was asked of shape \(shape)")
    return value[flat: 0]
  }

  var context: ComputeContext { tape.context }
}
