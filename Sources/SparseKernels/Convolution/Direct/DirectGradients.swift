import TensorCore

/// The gradients of a direct convolution: the input gradient is the transposed pattern through the same micro-kernels, the weight
/// gradient an SDDMM.
struct DirectGradients: ConvGradients {
  let problem: ConvProblem
  private let transposition: TransposedWeights
  /// One for each phase of the stride that a weight reads, which together with zeros write the input gradient.
  private var inputGradients: [DirectConv]
  /// Whether some phase is read by no weight, as in a 1x1 convolution with a stride.
  private let hasZeros: Bool
  private let weightGradient: WeightGradient

  init(_ problem: ConvProblem, weights: CSRMatrix) {
    self.problem = problem
    transposition = TransposedWeights(weights.pattern, problem: problem)
    let transposed = transposition.matrix(values: weights.values)
    let phases = ShiftedConv.inputGradient(problem)
    let read = phases.filter { !$0.isZero }
    hasZeros = read.count < phases.count
    inputGradients = read.map { DirectConv($0, weights: transposed) }
    weightGradient = WeightGradient(.forward(problem), weights: weights)
  }

  var nnz: Int { transposition.pattern.nnz }

  var gradientWeightByteCount: Int {
    inputGradients.reduce(transposition.byteCount + weightGradient.byteCount) { $0 + $1.byteCount }
  }

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
    if hasZeros {
      let job = ZeroJob(count: problem.inputShape.elementCount, elements: inputGradient)
      try context.run(job, partCount: job.partCount)
    }
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

/// Writes zeros.
private struct ZeroJob: ParallelJob {
  let count: Int
  let elements: UnsafeMutablePointer<Float>

  private static let partLength = 1 << 16

  var partCount: Int { (count + Self.partLength - 1) / Self.partLength }

  func execute(index: Int, worker: Int) {
    let start = index * Self.partLength
    (elements + start).update(repeating: 0, count: min(Self.partLength, count - start))
  }
}
