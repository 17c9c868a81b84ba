import TensorCore

/// The gradients of a direct convolution: the input gradient is the transposed pattern through the same micro-kernels, the weight
/// gradient an SDDMM.
struct DirectGradients: ConvGradients {
  let problem: ConvProblem
  private let transposition: TransposedWeights
  /// One for each phase of the stride, which together write the input gradient.
  private var inputGradients: [DirectConv]
  private let weightGradient: WeightGradient

  init(_ problem: ConvProblem, weights: CSRMatrix) {
    self.problem = problem
    transposition = TransposedWeights(weights.pattern, problem: problem)
    let transposed = transposition.matrix(values: weights.values)
    inputGradients = ShiftedConv.inputGradient(problem).map { DirectConv($0, weights: transposed) }
    weightGradient = WeightGradient(.forward(problem), weights: weights)
  }

  var nnz: Int { transposition.pattern.nnz }

  func gradientScratchByteCount(threadCount: Int) -> Int {
    inputGradients.reduce(weightGradient.scratchByteCount(threadCount: threadCount)) {
      max($0, $1.scratchByteCount(threadCount: threadCount))
    }
  }

  /// Takes new values of the same pattern, in O(nnz).
  mutating func replaceValues(_ weights: CSRMatrix) {
    let transposed = transposition.matrix(values: weights.values)
    for index in inputGradients.indices { inputGradients[index].replaceValues(transposed) }
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    let epilogue = RunningEpilogue(output: inputGradient)
    for conv in inputGradients {
      try conv.run(source: outputGradient, destination: inputGradient, epilogue: epilogue, context: context)
    }
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
