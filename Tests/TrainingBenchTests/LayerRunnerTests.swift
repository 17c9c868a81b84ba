import BenchmarkReport
import SparseKernels
import TensorCore
import Testing

@testable import TrainingBench

@Suite struct LayerRunnerTests {
  /// The results of a small layer with a kernel on both sides.
  private func results(_ kernel: any ConvKernel) throws -> [LayerResult] {
    var options = try SharedOptions.parse(["--batch", "3", "--sparsity", "0.5", "--seconds-per-case", "0.001"])
    options.seed = "5"
    var plan = try LayerPlan(problems: ["ic3ih5oc4kh3ph1"], options: options)
    plan.denseKernels = [DenseConvKernel(), kernel]
    plan.sparseKernel = kernel
    return try LayerRunner(plan: plan, interrupt: Interrupt()).results(of: plan.problems[0]) { _ in }
  }

  @Test(arguments: [
    (ConvPass.forward, "wrong: output [0, 0, 0, 0]"), (.inputGradient, "wrong: input gradient [0, 0, 0, 0]"),
    (.weightGradient, "wrong: weight gradient"),
  ])
  func aKernelThatAddsOneIsRefused(pass: ConvPass, status: String) throws {
    let results = try results(OffByOneKernel(pass: pass))
    #expect(results.map(\.side) == [.dense, .dense, .sparse])
    #expect(results[0].status == "ok" && results[0].timing?.speedup == 1)
    for result in results.dropFirst() {
      #expect(result.isWrong && result.status.hasPrefix(status), "\(result.status)")
      #expect(result.timing == nil && result.errors.isEmpty)
    }
  }

  @Test func aKernelThatKeepsOldValuesIsRefused() throws {
    let results = try results(OffByOneKernel(pass: nil, ignoresNewValues: true))
    #expect(results[1].status.hasPrefix("wrong: output") && results[2].status.hasPrefix("wrong: output"))
  }

  @Test func aRightKernelIsTimed() throws {
    let results = try results(OffByOneKernel(pass: nil))
    #expect(results.allSatisfy { $0.status == "ok" && ($0.timing?.samples.count ?? 0) >= 3 })
    #expect(results[2].sparsity == 0.5 && results[2].nnz == 54)
  }
}

/// Computes as `dense` does, and adds 1 to the first element of one pass.
private struct OffByOneKernel: ConvKernel {
  let pass: ConvPass?
  var ignoresNewValues = false
  let name = "off"

  func support(for problem: ConvProblem) -> KernelSupport { .supported }

  func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    Prepared(kernel: self, dense: try DenseConvKernel().prepare(problem, weights: weights))
  }

  private struct Prepared: PreparedConv, ConvGradients {
    let kernel: OffByOneKernel
    var dense: any PreparedConv
    var problem: ConvProblem { dense.problem }
    var weightByteCount: Int { dense.weightByteCount }
    var gradients: (any ConvGradients)? { self }
    var nnz: Int { dense.gradients?.nnz ?? 0 }
    func scratchByteCount(threadCount: Int) -> Int { dense.scratchByteCount(threadCount: threadCount) }
    func gradientScratchByteCount(threadCount: Int) -> Int {
      dense.gradients?.gradientScratchByteCount(threadCount: threadCount) ?? 0
    }
    mutating func replaceValues(_ values: [Float]) throws {
      if !kernel.ignoresNewValues { try dense.replaceValues(values) }
    }
    func forward(
      input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
    ) throws {
      try dense.forward(input: input, output: output, epilogue: epilogue, context: context)
      if kernel.pass == .forward { output[0] += 1 }
    }
    func inputGradient(
      outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, context: ComputeContext
    ) throws {
      try dense.gradients?.inputGradient(outputGradient: outputGradient, into: inputGradient, context: context)
      if kernel.pass == .inputGradient { inputGradient[0] += 1 }
    }
    func weightGradient(
      input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
      into weightGradient: UnsafeMutablePointer<Float>, context: ComputeContext
    ) throws {
      try dense.gradients?.weightGradient(
        input: input, outputGradient: outputGradient, into: weightGradient, context: context)
      if kernel.pass == .weightGradient { weightGradient[0] += 1 }
    }
  }
}
