import TensorCore

/// A prepared kernel and what a pass gives it: what is verified and timed.
package enum PassCall: Sendable {
  case forward(any PreparedConv, input: Tensor)
  case inputGradient(any ConvGradients, outputGradient: Tensor)
  case weightGradient(any ConvGradients, input: Tensor, outputGradient: Tensor)

  /// Computes the pass.
  ///
  /// - Parameter result: of the shape of ``PassOperands/resultShape(_:nnz:)``.
  package func run(into result: inout Tensor, context: ComputeContext) throws {
    switch self {
    case .forward(let prepared, let input):
      try prepared.forward(input, into: &result, context: context)
    case .inputGradient(let gradients, let outputGradient):
      try gradients.inputGradient(outputGradient, into: &result, context: context)
    case .weightGradient(let gradients, let input, let outputGradient):
      try run(gradients, input: input, outputGradient: outputGradient, into: &result, context: context)
    }
  }

  /// The weight gradient on raw memory: its elements lie in a tensor here, on the same boundary as those of the other
  /// passes.
  private func run(
    _ gradients: any ConvGradients, input: Tensor, outputGradient: Tensor, into result: inout Tensor,
    context: ComputeContext
  ) throws {
    precondition(
      result.count == gradients.nnz, "PassCall: room for \(result.count) elements, expected nnz = \(gradients.nnz)")
    try input.withUnsafeBufferPointer { input in
      try outputGradient.withUnsafeBufferPointer { outputGradient in
        try result.withUnsafeMutableBufferPointer { result in
          guard let input = input.baseAddress, let outputGradient = outputGradient.baseAddress,
            let result = result.baseAddress
          else { return }
          try gradients.weightGradient(
            input: input, outputGradient: outputGradient, into: result, context: context)
        }
      }
    }
  }

  /// The bytes of scratch memory that a call needs in a context of `threadCount` threads.
  package func scratchByteCount(threadCount: Int) -> Int {
    switch self {
    case .forward(let prepared, _): prepared.scratchByteCount(threadCount: threadCount)
    case .inputGradient(let gradients, _), .weightGradient(let gradients, _, _):
      gradients.gradientScratchByteCount(threadCount: threadCount)
    }
  }
}
