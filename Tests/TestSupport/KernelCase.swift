import SparseKernels
import TensorCore

/// One problem with weights, input, epilogue and the expected output: what every kernel is run on.
package struct KernelCase: Sendable {
  package let problem: ConvProblem
  package let weights: ConvWeights
  package let input: Tensor
  package let epilogue: ConvEpilogue
  package let expected: [Double]
  private let hasIntegers: Bool

  /// Small integers, so that every order of summation gives the same `Float`.
  package static func integers(
    _ problem: ConvProblem, _ pattern: WeightPattern, epilogue: EpilogueKind, seed: UInt64
  ) throws -> KernelCase {
    var generator = SeededGenerator(seed: seed)
    let matrix = try pattern.integers(
      rows: problem.outputChannels, columns: problem.weightsPerOutputChannel, using: &generator)
    let input = Tensor.randomIntegers(problem.inputShape, magnitude: 8, using: &generator)
    let epilogue = epilogue.epilogue(for: problem, bounds: -7...20) { Float(generator.nextIndex(below: 9) - 4) }
    return KernelCase(problem, matrix, input, epilogue, hasIntegers: true)
  }

  /// Numbers in -1..<1.
  package static func floats(
    _ problem: ConvProblem, _ pattern: WeightPattern, epilogue: EpilogueKind, seed: UInt64
  ) throws -> KernelCase {
    var generator = SeededGenerator(seed: seed)
    let matrix = try pattern.floats(
      rows: problem.outputChannels, columns: problem.weightsPerOutputChannel, using: &generator)
    let input = Tensor.random(problem.inputShape, using: &generator)
    let epilogue = epilogue.epilogue(for: problem, bounds: -0.5...0.75) { generator.nextFloat(in: -1..<1) }
    return KernelCase(problem, matrix, input, epilogue, hasIntegers: false)
  }

  private init(
    _ problem: ConvProblem, _ matrix: CSRMatrix, _ input: Tensor, _ epilogue: ConvEpilogue, hasIntegers: Bool
  ) {
    self.problem = problem
    self.hasIntegers = hasIntegers
    weights = ConvWeights(matrix)
    self.input = input
    self.epilogue = epilogue
    expected = NaiveConvolution.output(
      problem, weights: weights.oihw(for: problem).values, input: input.values, epilogue: epilogue)
  }

  /// Runs a prepared convolution into guarded memory and returns its output.
  ///
  /// - Throws: ``GuardViolation`` if it wrote outside.
  package func run(_ prepared: any PreparedConv, context: ComputeContext) throws -> [Float] {
    let output = GuardedOutput(count: problem.outputShape.elementCount)
    // A kernel that uses what lies beside the input finds NaN there.
    let margin = Array(repeating: Float.nan, count: 64)
    try (margin + input.values + margin).withUnsafeBufferPointer { block in
      guard let start = block.baseAddress else { return }
      try prepared.forward(
        input: start + margin.count, output: output.start, epilogue: epilogue, context: context)
    }
    if !output.isGuardIntact { throw GuardViolation(problem: problem) }
    return output.values
  }

  /// What is wrong with an output of a convolution, or nil. On integers it must be exact, unless the convolution multiplies
  /// something else than weights and inputs.
  package func fault(_ got: [Float], of prepared: any PreparedConv) -> String? {
    if hasIntegers && prepared.errorGrowth == 1 {
      return OutputComparison.inexactness(got, expected, problem: problem)
    }
    return OutputComparison.fault(
      got, expected, problem: problem, weights: weights.matrix,
      largestInput: input.values.reduce(0) { max($0, abs($1)) }, epilogue: epilogue, errorGrowth: prepared.errorGrowth)
  }
}

/// A kernel wrote beside its output.
package struct GuardViolation: Error, CustomStringConvertible {
  package let problem: ConvProblem
  package var description: String { "\(problem): memory beside the output was written" }
}
