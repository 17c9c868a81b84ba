import SparseKernels
import TensorCore

/// The backward pass of a ``BatchNorm2d``; the formulas are at ``BatchNormGradientJob``.
struct BatchNormGradient {
  let input: Tensor
  /// The output, if there was a ReLU.
  let clipped: Tensor?
  let statistics: BatchNormStatistics
  let planes: Planes
  /// Whether the statistics were the batch's.
  let usesBatch: Bool
  /// The places of input and residual on the tape, or nil if no gradient of them is wanted.
  let node: Int?
  let residualNode: Int?

  /// Hands the gradients of input and residual to the tape.
  ///
  /// - Parameter gradient: of the output. Written over if nobody else has it.
  /// - Returns: the gradient of the weight, and behind it that of the bias.
  func run(_ gradient: inout Tensor, tape: Tape) -> Tensor {
    tape.tensor([2, planes.channels]) { sums in
      if let residualNode, clipped != nil {
        var inputGradient: Tensor?
        gradient.rewrite(pool: tape.pool) { source, masked in
          guard node != nil else { return compute(source, masked: masked, into: nil, sums: sums, tape) }
          inputGradient = tape.tensor(input.shape) { compute(source, masked: masked, into: $0, sums: sums, tape) }
        }
        tape.addGradient(gradient, to: residualNode)
        if let inputGradient, let node { tape.addGradient(inputGradient, to: node) }
      } else {
        if let residualNode { tape.addGradient(gradient, to: residualNode) }
        if let node {
          gradient.rewrite(pool: tape.pool) { compute($0, masked: nil, into: $1, sums: sums, tape) }
          tape.addGradient(gradient, to: node)
        } else {
          gradient.withStart { compute($0, masked: nil, into: nil, sums: sums, tape) }
        }
      }
    }
  }

  private func compute(
    _ gradient: UnsafePointer<Float>, masked: UnsafeMutablePointer<Float>?,
    into inputGradient: UnsafeMutablePointer<Float>?, sums: UnsafeMutablePointer<Float>, _ tape: Tape
  ) {
    input.withStart { input in
      clipped.withStart { clipped in
        statistics.withPointers { mean, inverse, scale in
          let job = BatchNormGradientJob(
            planes: planes, gradient: gradient, input: input, clipped: clipped, mean: mean, inverse: inverse,
            scale: scale, usesBatch: usesBatch, masked: masked, inputGradient: inputGradient, weightGradient: sums,
            biasGradient: sums + planes.channels)
          tape.context.compute(job, partCount: planes.partCount)
        }
      }
    }
  }
}
