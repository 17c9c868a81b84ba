import TensorCore

/// The gradients of a direct convolution: the input gradient is the transposed pattern through the same micro-kernels, the weight
/// gradient an SDDMM.
struct DirectGradients: ConvGradients {
  let problem: ConvProblem
  private let transposition: TransposedWeights
  private var input: DirectConv
  private let weight: WeightGradient
  /// Both from one layout; nil where each goes its own way.
  private let together: LaneGradients?

  init(_ problem: ConvProblem, weights: CSRMatrix) {
    self.problem = problem
    transposition = TransposedWeights(weights.pattern, problem: problem)
    let transposed = transposition.matrix(values: weights.values)
    together = LaneGradients(problem, transposed: transposed.pattern)
    if let together {
      input = DirectConv(together.conv(transposed))
      weight = WeightGradient(together.products, transposed: transposed, entrySources: transposition.sources)
    } else {
      input = DirectConv(.inputGradient(problem), weights: transposed)
      weight = WeightGradient(.forward(problem), weights: weights)
    }
  }

  var nnz: Int { transposition.pattern.nnz }

  var gradientWeightByteCount: Int { transposition.byteCount + input.byteCount + weight.byteCount }

  func gradientScratchByteCount(threadCount: Int) -> Int {
    max(
      input.scratchByteCount(threadCount: threadCount), weight.scratchByteCount(threadCount: threadCount),
      sharing(threadCount: threadCount)?.scratchByteCount(weight.weights, threadCount: threadCount) ?? 0)
  }

  private func sharing(threadCount: Int) -> LaneGradients? {
    together.flatMap { $0.serves(threadCount: threadCount) ? $0 : nil }
  }

  /// Takes new values of the same pattern, in O(nnz).
  mutating func replaceValues(_ weights: CSRMatrix) {
    input.replaceValues(transposition.matrix(values: weights.values))
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    try input.run(
      source: outputGradient, destination: inputGradient, epilogue: RunningEpilogue(output: inputGradient),
      context: context)
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    into weightGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    try weight.run(
      input: input, outputGradient: outputGradient, into: weightGradient, scratch: scratch(context), context: context)
  }

  func bothGradients(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    intoInput inputGradient: UnsafeMutablePointer<Float>, weights weightGradient: UnsafeMutablePointer<Float>,
    context: ComputeContext
  ) throws {
    guard let sharing = sharing(threadCount: context.threadCount), let conv = self.input.lanes else {
      try self.inputGradient(outputGradient: outputGradient, into: inputGradient, context: context)
      try self.weightGradient(
        input: input, outputGradient: outputGradient, into: weightGradient, context: context)
      return
    }
    try sharing.run(
      conv, weight.weights, input: input, outputGradient: outputGradient, inputGradient: inputGradient,
      weightGradient: weightGradient, scratch: scratch(context), context: context)
  }

  private func scratch(_ context: ComputeContext) -> UnsafeMutableRawPointer {
    context.scratch(byteCount: gradientScratchByteCount(threadCount: context.threadCount))
  }
}
