import BenchmarkShapes
import SparseKernels
import TensorCore
import TestSupport
import Testing

/// The gradients of every kernel that has them, on every problem of the conformance list.
@Suite struct ConvGradientTests {
  static let kernelNames: [String] = {
    guard let problem = try? ConvProblem(benchdnn: "mb1ic1ih1oc1kh1"),
      let weights = try? ConvWeights(oihw: Tensor([1], shape: problem.weightShape))
    else { return [] }
    return ConvKernelList.all.filter { (try? $0.prepare(problem, weights: weights))?.gradients != nil }.map(\.name)
  }()

  @Test func theOracleTheBaselineDirectAndAutoHaveGradients() {
    #expect(Self.kernelNames == ["reference", "dense", "direct", "auto"])
  }

  @Test(arguments: kernelNames, WeightPattern.allCases)
  func integersAreExact(kernelName: String, pattern: WeightPattern) throws {
    try expectNoFault(kernelName, pattern) { gradients, problem, seed, context in
      let item = try GradientCase(problem, pattern, hasIntegers: true, seed: seed)
      return item.fault(try item.run(gradients(item.weights), context: context), isExact: true)
    }
  }

  @Test(arguments: kernelNames)
  func randomNumbersAreWithinTheirBoundOnAnyNumberOfThreads(kernelName: String) throws {
    let contexts = [2, 3].map { ComputeContext(threadCount: $0) }
    try expectNoFault(kernelName, .half) { gradients, problem, seed, context in
      let item = try GradientCase(problem, .half, hasIntegers: false, seed: seed)
      let prepared = try gradients(item.weights)
      let alone = try item.run(prepared, context: context)
      for shared in contexts where try item.run(prepared, context: shared) != alone {
        return "\(problem): \(shared.threadCount) threads give other gradients than one"
      }
      return item.fault(alone, isExact: false)
    }
  }

  @Test(arguments: kernelNames)
  func scratchIsNoMoreThanStated(kernelName: String) throws {
    try expectNoFault(kernelName, .half) { gradients, problem, seed, _ in
      let item = try GradientCase(problem, .half, hasIntegers: true, seed: seed)
      let prepared = try gradients(item.weights)
      for threadCount in [1, 2] {
        let context = ComputeContext(threadCount: threadCount)
        _ = try item.run(prepared, context: context)
        let stated = prepared.gradientScratchByteCount(threadCount: threadCount)
        if context.scratchByteCount > stated {
          return "\(problem): takes \(context.scratchByteCount) bytes of scratch, states \(stated)"
        }
      }
      return nil
    }
  }

  /// `<conv(x), y> = <x, inputGradient(y)> = <w, weightGradient(x, y)>`: forward and both gradients are one trilinear form. To the
  /// bit, or as far as forward may be off, where `auto` took a kernel whose errors grow.
  @Test(arguments: kernelNames)
  func theGradientsAreAdjointToForward(kernelName: String) throws {
    func dot(_ left: [Float], _ right: [Float]) -> Double {
      zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    try expectNoFault(kernelName, .half) { gradients, problem, seed, context in
      let item = try GradientCase(problem, .half, hasIntegers: true, seed: seed)
      var output = Tensor(zeros: problem.outputShape)
      let prepared = try ConvKernelList.named(kernelName).prepare(problem, weights: item.weights)
      try prepared.forward(item.input, into: &output, context: context)
      let got = try item.run(gradients(item.weights), context: context)
      let forms = [
        dot(output.values, item.outputGradient.values), dot(item.input.values, got.input),
        dot(item.weights.matrix.values, got.weight),
      ]
      let growth = prepared.errorGrowth
      let slack = growth == 1 ? 0 : Double(growth) * item.roundingOfForward
      return forms[1] == forms[2] && abs(forms[0] - forms[1]) <= slack
        ? nil : "\(problem): forward, input and weight gradient give \(forms)"
    }
  }

  /// Central differences in `Double` with a step of 1, which are exact since the function is linear in each variable.
  @Test(arguments: kernelNames, ["mb2ic4ih5oc6kh3sh2ph1", "g2mb1ic4ih6iw5oc2kh2kw3dh1ph1", "mb1ic3ih4oc2kh1"])
  func theGradientsAreFiniteDifferences(kernelName: String, line: String) throws {
    let problem = try ConvProblem(benchdnn: line)
    let item = try GradientCase(problem, .half, hasIntegers: true, seed: 3)
    let matrix = item.weights.matrix
    func loss(_ weights: [Float], _ input: [Float]) -> Double {
      let output = NaiveConvolution.output(problem, weights: weights, input: input, epilogue: .none)
      return zip(output, item.outputGradient.values).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    func difference(_ values: [Float], at index: Int, _ loss: ([Float]) -> Double) -> Double {
      var (above, below) = (values, values)
      above[index] += 1
      below[index] -= 1
      return (loss(above) - loss(below)) / 2
    }
    let prepared = try ConvKernelList.named(kernelName).prepare(problem, weights: item.weights)
    let got = try item.run(#require(prepared.gradients), context: ComputeContext())
    let (weights, input) = (item.weights.oihw(for: problem).values, item.input.values)
    for index in input.indices {
      #expect(Double(got.input[index]) == difference(input, at: index) { loss(weights, $0) }, "input \(index)")
    }
    for (entry, position) in matrix.coordinates().enumerated() {
      let index = position.row * matrix.columns + position.column
      #expect(Double(got.weight[entry]) == difference(weights, at: index) { loss($0, input) }, "weight \(entry)")
    }
  }

  @Test(arguments: kernelNames)
  func theTensorsOfACallAreFilled(kernelName: String) throws {
    let problem = try ConvProblem(benchdnn: "mb2ic3ih4oc5kh3ph1")
    let item = try GradientCase(problem, .half, hasIntegers: true, seed: 8)
    let prepared = try ConvKernelList.named(kernelName).prepare(problem, weights: item.weights)
    let gradients = try #require(prepared.gradients)
    var inputGradient = Tensor(repeating: .nan, shape: problem.inputShape)
    var weightGradient = [Float](repeating: .nan, count: gradients.nnz)
    let context = ComputeContext(threadCount: 2)
    try gradients.inputGradient(item.outputGradient, into: &inputGradient, context: context)
    try gradients.weightGradient(item.input, item.outputGradient, into: &weightGradient, context: context)
    #expect(item.fault((inputGradient.values, weightGradient), isExact: true) == nil)
  }

  private func expectNoFault(
    _ kernelName: String, _ pattern: WeightPattern,
    _ fault: (
      _ gradients: (ConvWeights) throws -> any ConvGradients, _ problem: ConvProblem, _ seed: UInt64,
      _ context: ComputeContext
    ) throws -> String?
  ) throws {
    try ConformanceTests.expectNoFault(kernelName, "gradients, \(pattern)") { kernel, problem, seed, context in
      try fault({ try #require(kernel.prepare(problem, weights: $0).gradients) }, problem, seed, context)
    }
  }
}
