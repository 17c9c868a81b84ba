import BenchmarkShapes
import SparseKernels
import TensorCore
import TestSupport
import Testing

/// `auto` is another kernel in disguise: the one that its plan names. What every kernel must do, `ConformanceTests` ask of it too.
@Suite struct AutoConvKernelTests {
  private let problem: ConvProblem
  private let weights: ConvWeights

  init() throws {
    problem = try ConvProblem(benchdnn: "mb2ic16ih14oc32kh3ph1")
    var generator = SeededGenerator(seed: 8)
    weights = try ConvWeights.random(for: problem, sparsity: 0.9, using: &generator)
  }

  private func kernel(_ candidates: [any ConvKernel], mode: PlanMode = .model) -> AutoConvKernel {
    AutoConvKernel(ConvPlanner(candidates: candidates, cache: nil, rates: roundRates), mode: mode)
  }

  private func prepared(_ candidates: [any ConvKernel], mode: PlanMode = .model) throws -> PreparedAutoConv {
    try #require(try kernel(candidates, mode: mode).prepare(problem, weights: weights) as? PreparedAutoConv)
  }

  @Test(arguments: ConvKernelList.candidates.map(\.name))
  func itsOutputIsThatOfItsChoice(name: String) throws {
    let kernel = try ConvKernelList.named(name)
    let (auto, alone) = (try prepared([kernel]), try kernel.prepare(problem, weights: weights))
    var generator = SeededGenerator(seed: 9)
    let input = Tensor.random(problem.inputShape, using: &generator)
    let context = ComputeContext(threadCount: 2)
    var (got, want) = (Tensor(zeros: problem.outputShape), Tensor(zeros: problem.outputShape))
    try auto.forward(input, into: &got, context: context)
    try alone.forward(input, into: &want, context: context)
    #expect(auto.plan.choice == name && got.values == want.values)
    #expect(auto.weightByteCount == alone.weightByteCount)
    #expect(auto.scratchByteCount(threadCount: 2) == alone.scratchByteCount(threadCount: 2))
    #expect((auto.gradients == nil) == (alone.gradients == nil))
  }

  @Test func valuesDoNotChangeAChoice() throws {
    let zeros = ConvWeights(try weights.matrix.replacingValues(weights.matrix.values.map { _ in 0 }))
    for sparse in [weights, zeros] {
      #expect(try AutoConvKernel().plan(problem, weights: sparse) == AutoConvKernel().plan(problem, weights: weights))
    }
  }

  @Test func gradientsComeFromAKernelThatHasThem() throws {
    let forwardOnly = FakeKernel(name: "forward", predicted: 1e-6, hasGradients: false)
    let auto = try prepared([forwardOnly, ReferenceConvKernel()])
    #expect(auto.plan.choice == "forward")
    #expect(auto.plan(of: .inputGradient)?.choice == "reference")
    #expect(auto.plan(of: .weightGradient)?.candidates.first?.refusal == "computes forward only")
    #expect(try prepared([forwardOnly]).gradients == nil)
    #expect(try prepared([forwardOnly]).plan(of: .inputGradient) == nil)
  }

  @Test func replacedValuesReachBothGradients() throws {
    let forwardOnly = FakeKernel(name: "forward", predicted: 1e-6, hasGradients: false)
    for candidates in [[forwardOnly, DirectConvKernel()], [DirectConvKernel()]] as [[any ConvKernel]] {
      var auto = try prepared(candidates)
      // Once made, they must follow.
      let original = try #require(auto.gradients)
      var generator = SeededGenerator(seed: 10)
      let values = weights.matrix.values.map { _ in generator.nextFloat(in: -1..<1) }
      try auto.replaceValues(values)
      let fresh = try DirectConvKernel().prepare(
        problem, weights: ConvWeights(weights.matrix.replacingValues(values)))
      let outputGradient = Tensor.random(problem.outputShape, using: &generator)
      let context = ComputeContext()
      func inputGradient(_ gradients: (any ConvGradients)?) throws -> [Float] {
        var result = Tensor(zeros: problem.inputShape)
        try gradients?.inputGradient(outputGradient, into: &result, context: context)
        return result.values
      }
      #expect(try inputGradient(auto.gradients) == inputGradient(fresh.gradients))
      #expect(try inputGradient(original) != inputGradient(fresh.gradients))
    }
  }

  @Test func itSupportsWhatAnyCandidateDoes() throws {
    let unable = FakeKernel(name: "unable", refusal: "no")
    #expect(kernel([unable, FakeKernel(name: "able")]).support(for: problem) == .supported)
    #expect(kernel([unable]).support(for: problem) == .unsupported("unable: no"))
    #expect(throws: KernelError.unsupported(kernel: "auto", reason: "unable: no")) {
      _ = try kernel([unable]).prepare(problem, weights: weights)
    }
  }

  @Test func itIsDenseWhereACandidateIs() {
    #expect(AutoConvKernel().isDense)
    #expect(!kernel([DirectConvKernel()]).isDense)
  }

  @Test func theOracleAndItselfAreNotItsCandidates() {
    let names = ConvKernelList.candidates.map(\.name)
    #expect(["reference"] + names + ["auto"] == ConvKernelList.all.map(\.name))
    #expect(AutoConvKernel().planner.candidates.map(\.name) == names)
  }
}
