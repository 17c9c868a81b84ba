import TensorCore

/// One layer, ready to run: a problem and weights packed by a ``ConvKernel``.
///
/// The sparsity pattern is fixed; values can be replaced. A prepared convolution is a value and may be used from several
/// threads at once, each with a ``ComputeContext`` of its own.
public protocol PreparedConv: Sendable {
  /// The problem that was prepared.
  var problem: ConvProblem { get }

  /// The bytes that the packed weights hold, indices included.
  var weightByteCount: Int { get }

  /// The bytes of scratch memory that a call needs in a context of `threadCount` threads, besides the output.
  func scratchByteCount(threadCount: Int) -> Int

  /// By how much rounding may be worse than that of sums of products as they are written: each output is within
  /// `2 * eps * (k + 1) * errorGrowth * max|weight| * max|input|` of the exact one, where `k` counts the weights stored for
  /// its channel.
  ///
  /// 1 for all that multiply weights by inputs. Greater where sums of weights are multiplied by sums of inputs: then results
  /// on integers are not exact either, and an infinite or NaN input spoils outputs beside its own.
  var errorGrowth: Float { get }

  /// Replaces the weights' values at the stored positions.
  ///
  /// - Parameter values: one per stored position, in the order of the CSR matrix that was prepared.
  /// - Precondition: as many values as stored positions.
  /// - Complexity: O(nnz); a dense kernel may pack all weights anew.
  /// - Throws: ``KernelError`` if a library fails.
  mutating func replaceValues(_ values: [Float]) throws

  /// Replaces the weights' values at the stored positions by those in memory, as training does at every step: in place, where
  /// no copy of this convolution or of its gradients exists.
  ///
  /// - Parameter values: as in ``replaceValues(_:)-([Float])``.
  mutating func replaceValues(_ values: UnsafeBufferPointer<Float>) throws

  /// The gradients of this convolution, or nil where the kernel computes forward only.
  var gradients: (any ConvGradients)? { get }

  /// Computes the convolution on raw memory; callers use ``forward(_:into:epilogue:context:)``, which checks shapes.
  ///
  /// - Parameters:
  ///   - input: `problem.inputShape` elements, NCHW.
  ///   - output: `problem.outputShape` elements, NCHW. Written, never read: it may hold NaN. Does not overlap the input.
  ///   - epilogue: applied to each sum as it is stored; its bias, if any, has one value per output channel, and its
  ///     residual, if any, the output's shape, not overlapping the output.
  ///   - context: threads and scratch memory.
  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
  ) throws
}

extension PreparedConv {
  /// 1: weights are multiplied by inputs.
  public var errorGrowth: Float { 1 }

  /// Copies the values into an array.
  public mutating func replaceValues(_ values: UnsafeBufferPointer<Float>) throws {
    try replaceValues(Array(values))
  }

  /// Nil: forward only.
  public var gradients: (any ConvGradients)? { nil }

  /// Computes `output = activation(convolution(input) + bias + residual)`; see ``ConvProblem`` for the formula.
  ///
  /// A position that is not stored contributes nothing, even where the input is infinite or NaN (except in kernels whose
  /// ``ConvKernel/isDense`` is true). A second call on the same problem and context allocates nothing of its own.
  ///
  /// - Parameters:
  ///   - input: `problem.inputShape`, NCHW.
  ///   - output: `problem.outputShape`, NCHW; its former contents do not matter.
  ///   - epilogue: bias, residual and activation, applied as sums are stored.
  ///   - context: threads and scratch memory.
  /// - Precondition: the shapes are those of the problem, a bias has one value per output channel, a residual the
  ///   output's shape, and a clamp bounds in order.
  /// - Complexity: O(nnz * output pixels) for sparse kernels, plus the layout changes that each kernel documents.
  /// - Throws: ``KernelError`` if a library reports a failure; the output's contents are then undefined.
  public func forward(
    _ input: Tensor, into output: inout Tensor, epilogue: ConvEpilogue = .none, context: ComputeContext
  ) throws {
    precondition(
      problem.hasInputShape(input.shape),
      "forward: input has shape \(input.shape), expected \(problem.inputShape)")
    precondition(
      problem.hasOutputShape(output.shape),
      "forward: output has shape \(output.shape), expected \(problem.outputShape)")
    precondition(
      epilogue.bias.map { $0.count == problem.outputChannels } ?? true,
      "forward: bias has \(epilogue.bias?.count ?? 0) values, expected \(problem.outputChannels)")
    precondition(
      epilogue.residual.map { problem.hasOutputShape($0.shape) } ?? true,
      "forward: residual has shape \(epilogue.residual?.shape ?? []), expected \(problem.outputShape)")
    try input.withUnsafeBufferPointer { source in
      try output.withUnsafeMutableBufferPointer { destination in
        guard let source = source.baseAddress, let destination = destination.baseAddress else { return }
        try forward(input: source, output: destination, epilogue: epilogue, context: context)
      }
    }
  }
}
