import TensorCore

/// The gradients of a direct convolution: the input gradient is the transposed pattern through the same micro-kernels, the weight
/// gradient an SDDMM.
struct DirectGradients: ConvGradients {
  let problem: ConvProblem
  private let transposition: TransposedWeights
  private var inputGradient: DirectConv
  private let weightGradient: WeightGradient

  init(_ problem: ConvProblem, weights: CSRMatrix) {
    self.problem = problem
    transposition = TransposedWeights(weights.pattern, problem: problem)
    inputGradient = DirectConv(
      .inputGradient(problem), weights: transposition.matrix(values: weights.values))
    weightGradient = WeightGradient(.forward(problem), weights: weights)
  }

  var nnz: Int { transposition.pattern.nnz }

  var gradientWeightByteCount: Int {
    transposition.byteCount + inputGradient.byteCount + weightGradient.byteCount
  }

  func gradientScratchByteCount(threadCount: Int) -> Int {
    max(
      inputGradient.scratchByteCount(threadCount: threadCount),
      weightGradient.scratchByteCount(threadCount: threadCount))
  }

  /// Takes new values of the same pattern, in O(nnz).
  mutating func replaceValues(_ weights: CSRMatrix) {
    inputGradient.replaceValues(transposition.matrix(values: weights.values))
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    try self.inputGradient.run(
      source: outputGradient, destination: inputGradient, epilogue: RunningEpilogue(output: inputGradient),
      context: context)
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    into weightGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    try self.weightGradient.run(
      input: input, outputGradient: outputGradient, into: weightGradient,
      scratch: context.scratch(byteCount: gradientScratchByteCount(threadCount: context.threadCount)),
      context: context)
  }
}
