import SparseKernels
import TensorCore

/// One problem with weights, input, output gradient, and the gradients that are expected.
package struct GradientCase: Sendable {
  package let problem: ConvProblem
  package let weights: ConvWeights
  package let input: Tensor
  package let outputGradient: Tensor
  package let inputGradient: [Double]
  /// At the stored positions.
  package let weightGradient: [Double]

  /// - Parameter hasIntegers: whether all numbers are small integers, so that every order of summation gives the same
  ///   `Float`; otherwise they are in -1..<1.
  package init(_ problem: ConvProblem, _ pattern: WeightPattern, hasIntegers: Bool, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (rows, columns) = (problem.outputChannels, problem.weightsPerOutputChannel)
    let matrix =
      hasIntegers
      ? try pattern.integers(rows: rows, columns: columns, using: &generator)
      : try pattern.floats(rows: rows, columns: columns, using: &generator)
    func tensor(_ shape: Shape) -> Tensor {
      hasIntegers
        ? .randomIntegers(shape, magnitude: 4, using: &generator) : .random(shape, using: &generator)
    }
    self.problem = problem
    weights = ConvWeights(matrix)
    input = tensor(problem.inputShape)
    outputGradient = tensor(problem.outputShape)
    inputGradient = NaiveConvolution.inputGradient(
      problem, weights: weights.oihw(for: problem).values, outputGradient: outputGradient.values)
    let everywhere = NaiveConvolution.weightGradient(
      problem, input: input.values, outputGradient: outputGradient.values)
    weightGradient = matrix.coordinates().map { everywhere[$0.row * columns + $0.column] }
  }

  /// Both gradients, computed into guarded memory from inputs that have NaN beside them: each alone, then both at once.
  ///
  /// - Throws: ``GuardViolation`` if something was written outside, ``OtherBits`` if gradients differ when computed at once.
  package func run(
    _ gradients: any ConvGradients, context: ComputeContext
  ) throws -> (input: [Float], weight: [Float]) {
    let margin = Array(repeating: Float.nan, count: 64)
    func room() -> (input: GuardedOutput, weight: GuardedOutput) {
      (GuardedOutput(count: problem.inputShape.elementCount), GuardedOutput(count: weights.matrix.nnz))
    }
    let (alone, both) = (room(), room())
    try (margin + outputGradient.values + margin).withUnsafeBufferPointer { outputGradient in
      try (margin + input.values + margin).withUnsafeBufferPointer { input in
        guard let outputGradient = outputGradient.baseAddress, let input = input.baseAddress else { return }
        try gradients.inputGradient(
          outputGradient: outputGradient + margin.count, into: alone.input.start, context: context)
        try gradients.weightGradient(
          input: input + margin.count, outputGradient: outputGradient + margin.count, into: alone.weight.start,
          context: context)
        try gradients.bothGradients(
          input: input + margin.count, outputGradient: outputGradient + margin.count, intoInput: both.input.start,
          weights: both.weight.start, context: context)
      }
    }
    if ![alone.input, alone.weight, both.input, both.weight].allSatisfy(\.isGuardIntact) {
      throw GuardViolation(problem: problem)
    }
    func bits(_ result: (input: GuardedOutput, weight: GuardedOutput)) -> [[UInt32]] {
      [result.input.values, result.weight.values].map { $0.map(\.bitPattern) }
    }
    if bits(alone) != bits(both) { throw OtherBits(problem: problem) }
    return (alone.input.values, alone.weight.values)
  }

  /// Gradients that are others when both are computed at once.
  package struct OtherBits: Error, CustomStringConvertible {
    package let problem: ConvProblem
    package var description: String { "\(problem): gradients differ when both are computed at once" }
  }

  /// How far `<conv(input), outputGradient>` may be off where each output is off as far as a sum of products may be; see
  /// ``OutputComparison``.
  package var roundingOfForward: Double {
    func largest(_ values: [Float]) -> Double { Double(values.reduce(0) { max($0, abs($1)) }) }
    let product = largest(weights.matrix.values) * largest(input.values)
    return outputGradient.values.enumerated().reduce(0) { sum, element in
      let channel = element.offset / problem.outputPixels % problem.outputChannels
      let terms = Double(weights.matrix.pattern.entries(ofRow: channel).count + 1)
      return sum + abs(Double(element.element)) * 2 * Double(Float.ulpOfOne) * terms * product
    }
  }

  /// What is wrong with computed gradients, or nil.
  ///
  /// - Parameter isExact: whether they must be exact. If not, a sum of `k` products of numbers up to 1 may be off by
  ///   `2 * eps * (k + 1)`, the rounding of as many products and sums in `Float`, as in ``OutputComparison``.
  package func fault(_ got: (input: [Float], weight: [Float]), isExact: Bool) -> String? {
    let taps = problem.kernelSize.height * problem.kernelSize.width
    return fault("input gradient", got.input, inputGradient, isExact, terms: problem.outputChannelsPerGroup * taps)
      ?? fault("weight gradient", got.weight, weightGradient, isExact, terms: problem.batch * problem.outputPixels)
  }

  private func fault(_ what: String, _ got: [Float], _ want: [Double], _ isExact: Bool, terms: Int) -> String? {
    if got.count != want.count { return "\(problem): \(what) has \(got.count) elements, expected \(want.count)" }
    let bound = isExact ? 0 : 2 * Double(Float.ulpOfOne) * Double(terms + 1)
    let worst = got.indices.max { error(got, want, $0) < error(got, want, $1) }
    guard let worst, !(error(got, want, worst) <= bound) else { return nil }
    return "\(problem): \(what) at \(worst) is \(got[worst]), expected \(want[worst]) within \(bound)"
  }

  private func error(_ got: [Float], _ want: [Double], _ index: Int) -> Double {
    let error = abs(Double(got[index]) - want[index])
    return error.isNaN ? .infinity : error
  }
}
