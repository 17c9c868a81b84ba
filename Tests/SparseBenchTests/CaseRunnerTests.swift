import SparseKernels
import TensorCore
import Testing

import SparseBench

@Suite struct CaseRunnerTests {
  @Test func aWrongKernelIsReportedAndNeverTimed() throws {
    let calls = CallCounter()
    var plan = try BenchPlan(
      BenchOptions(
        problems: ["mb1ic3ih5oc4kh3ph1"], sparsities: ["0.5"], secondsPerCase: "0.001"))
    plan.kernels = [DenseConvKernel(), WrongKernel(calls: calls), DecliningKernel()]
    let item = try #require(try plan.cases(of: plan.layers[0]).first)
    let results = try CaseRunner(plan: plan, interrupt: Interrupt()).results(of: item) { _ in }

    #expect(results.map(\.kernel) == ["dense", "wrong", "declining"])
    #expect(results[0].status == "ok" && results[0].timing?.speedupOverDense == 1)
    #expect(results[1].status.hasPrefix("wrong: output [0, 3, 4, 4]") && results[1].isWrong)
    #expect(results[1].timing == nil && results[1].maxRelativeError == nil)
    #expect(results[2].status == "declined: it is Monday" && !results[2].isWrong)
    #expect(calls.count == 1)
  }

  @Test func aMissingElementIsWrong() throws {
    let plan = try BenchPlan(BenchOptions(problems: ["mb2ic3ih5oc4kh3ph1"], sparsities: ["0"]))
    let item = try #require(try plan.cases(of: plan.layers[0]).first)
    var generator = SeededGenerator(seed: 9)
    let input = Tensor.random(item.problem.inputShape, using: &generator)
    let context = ComputeContext()
    let verification = try Verification(item, operands: .forward(input: input), context: context)
    var output = Tensor(zeros: item.problem.outputShape)
    try DenseConvKernel().prepare(item.problem, weights: item.weights).forward(input, into: &output, context: context)
    guard case .right(let error) = verification.verdict(on: output) else {
      Issue.record("the dense kernel is right")
      return
    }
    #expect(error < 1e-5, "a few roundings of the largest output, at 27 products an element")
    output[1, 2, 3, 4] = .nan
    guard case .wrong(let detail) = verification.verdict(on: output) else {
      Issue.record("a NaN is wrong")
      return
    }
    #expect(detail.hasPrefix("output [1, 2, 3, 4] is nan"))
  }

  @Test(arguments: ConvPass.allCases)
  func theMemoryBoundHoldsForEnormousSizes(pass: ConvPass) throws {
    let problem = try ConvProblem(benchdnn: "mb1ic2000000000ih1oc500000000kh1")
    #expect(MemoryNeed(problem, pass: pass, threadCount: 8).byteCount > 1e19)
  }

  @Test func casesAreTheSameInEveryRun() throws {
    let options = BenchOptions(problems: ["mb1ic3ih5oc4kh3ph1"], sparsities: ["0.9,0.5"], seed: "7")
    let cases = try [BenchPlan(options), BenchPlan(options)].map { try $0.cases(of: $0.layers[0]) }
    #expect(cases[0].map(\.sparsity) == [0.5, 0.9])
    #expect(cases[0].map(\.weights.matrix) == cases[1].map(\.weights.matrix))
  }
}

/// Computes with `dense`, then spoils the last element.
private struct WrongKernel: ConvKernel {
  let calls: CallCounter
  let name = "wrong"

  func support(for problem: ConvProblem) -> KernelSupport { .supported }

  func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    Prepared(dense: try DenseConvKernel().prepare(problem, weights: weights), calls: calls)
  }

  private struct Prepared: PreparedConv {
    var dense: any PreparedConv
    let calls: CallCounter
    var problem: ConvProblem { dense.problem }
    var weightByteCount: Int { dense.weightByteCount }
    func scratchByteCount(threadCount: Int) -> Int { dense.scratchByteCount(threadCount: threadCount) }
    mutating func replaceValues(_ values: [Float]) throws { try dense.replaceValues(values) }
    func forward(
      input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
    ) throws {
      calls.increment()
      try dense.forward(input: input, output: output, epilogue: epilogue, context: context)
      output[problem.outputShape.elementCount - 1] += 1
    }
  }
}

/// Declines everything.
private struct DecliningKernel: ConvKernel {
  let name = "declining"
  func support(for problem: ConvProblem) -> KernelSupport { .unsupported("it is Monday") }
  func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    throw KernelError.unsupported(kernel: name, reason: "it is Monday")
  }
}
