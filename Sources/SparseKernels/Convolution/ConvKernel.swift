import TensorCore

/// A way to compute convolutions: first whether it can do a problem, then doing it.
///
/// Implementations are small values without state of their own; what belongs to one layer is in the ``PreparedConv``
/// that `prepare` returns. Add a kernel by a folder beside this file and one line in `ConvKernelList.swift`
/// (`docs/kernel-howto.md`).
public protocol ConvKernel: Sendable {
  /// What tests, benchmarks and logs call this kernel. Lower case, stable.
  var name: String { get }

  /// Whether this kernel multiplies the zeros too, as a baseline does; false unless a kernel says otherwise.
  var isDense: Bool { get }

  /// Whether this kernel can do a problem, and if not, why.
  ///
  /// - Complexity: O(1); allocates nothing that grows with the problem.
  func support(for problem: ConvProblem) -> KernelSupport

  /// Packs weights for repeated use on one problem.
  ///
  /// - Parameters:
  ///   - problem: a problem that ``support(for:)`` accepts.
  ///   - weights: `problem.outputChannels` rows; see ``ConvWeights``.
  /// - Throws: ``KernelError`` if the problem is not supported, the weights have another shape, or a library fails.
  func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv
}

/// A kernel's answer to whether it can do a problem.
public enum KernelSupport: Hashable, Sendable {
  /// It can.
  case supported
  /// It cannot, for the reason given.
  case unsupported(String)
}

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

  /// Replaces the weights' values at the stored positions.
  ///
  /// - Parameter values: one per stored position, in the order of the CSR matrix that was prepared.
  /// - Precondition: as many values as stored positions.
  /// - Complexity: O(nnz); a dense kernel may pack all weights anew.
  /// - Throws: ``KernelError`` if a library fails.
  mutating func replaceValues(_ values: [Float]) throws

  /// Computes the convolution on raw memory; callers use ``forward(_:into:epilogue:context:)``, which checks shapes.
  ///
  /// - Parameters:
  ///   - input: `problem.inputShape` elements, NCHW.
  ///   - output: `problem.outputShape` elements, NCHW. Written, never read: it may hold NaN. Does not overlap the input.
  ///   - epilogue: applied to each sum as it is stored; its bias, if any, has one value per output channel.
  ///   - context: threads and scratch memory.
  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
  ) throws
}

extension PreparedConv {
  /// Computes `output = activation(convolution(input) + bias)`; see ``ConvProblem`` for the formula.
  ///
  /// A position that is not stored contributes nothing, even where the input is infinite or NaN (except in kernels whose
  /// ``ConvKernel/isDense`` is true). A second call on the same problem and context allocates nothing of its own.
  ///
  /// - Parameters:
  ///   - input: `problem.inputShape`, NCHW.
  ///   - output: `problem.outputShape`, NCHW; its former contents do not matter.
  ///   - epilogue: bias and activation, applied as sums are stored.
  ///   - context: threads and scratch memory.
  /// - Precondition: the shapes are those of the problem, and a bias has one value per output channel.
  /// - Complexity: O(nnz * output pixels) for sparse kernels, plus the layout changes that each kernel documents.
  /// - Throws: ``KernelError`` if a library reports a failure; the output's contents are then undefined.
  public func forward(
    _ input: Tensor, into output: inout Tensor, epilogue: ConvEpilogue = .none, context: ComputeContext
  ) throws {
    let (input4, output4) = (problem.inputSize, problem.outputSize)
    precondition(
      input.shape.matches(problem.batch, problem.inputChannels, input4.height, input4.width),
      "forward: input has shape \(input.shape), expected \(problem.inputShape)")
    precondition(
      output.shape.matches(problem.batch, problem.outputChannels, output4.height, output4.width),
      "forward: output has shape \(output.shape), expected \(problem.outputShape)")
    precondition(
      epilogue.bias.map { $0.count == problem.outputChannels } ?? true,
      "forward: bias has \(epilogue.bias?.count ?? 0) values, expected \(problem.outputChannels)")
    try input.withUnsafeBufferPointer { source in
      try output.withUnsafeMutableBufferPointer { destination in
        guard let source = source.baseAddress, let destination = destination.baseAddress else { return }
        try forward(input: source, output: destination, epilogue: epilogue, context: context)
      }
    }
  }
}

extension ConvKernel {
  /// False: zeros are skipped.
  public var isDense: Bool { false }

  /// The checks that every `prepare` begins with.
  ///
  /// - Throws: ``KernelError/unsupported(kernel:reason:)`` or ``KernelError/weightShape(rows:columns:problem:)``.
  func checkBeforePreparing(_ problem: ConvProblem, weights: ConvWeights) throws(KernelError) {
    if case .unsupported(let reason) = support(for: problem) { throw .unsupported(kernel: name, reason: reason) }
    try weights.check(against: problem)
  }
}

extension ConvEpilogue {
  /// Calls `body` with the bias as a pointer.
  func run<Result>(_ body: (RunningEpilogue) throws -> Result) rethrows -> Result {
    guard let bias else { return try body(RunningEpilogue(bias: nil, activation: activation)) }
    return try bias.withUnsafeBufferPointer {
      try body(RunningEpilogue(bias: $0.baseAddress, activation: activation))
    }
  }
}
