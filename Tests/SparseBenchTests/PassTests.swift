import Foundation
import SparseKernels
import TensorCore
import TestSupport
import Testing

import SparseBench

/// Timing the gradients: `--pass`.
@Suite struct PassTests {
  private static let gradients: [ConvPass] = [.inputGradient, .weightGradient]

  private func plan(
    _ pass: String?, problem: String = "mb2ic3ih5oc4kh3ph1", sparsity: String = "0.5"
  ) throws -> BenchPlan {
    try BenchPlan(BenchOptions(problems: [problem], sparsities: [sparsity], pass: pass, secondsPerCase: "0.001"))
  }

  private func results(_ plan: BenchPlan) throws -> [BenchResult] {
    let item = try #require(try plan.cases(of: plan.layers[0]).first)
    return try CaseRunner(plan: plan, interrupt: Interrupt()).results(of: item) { _ in }
  }

  @Test func forwardIsThePassUnlessAskedForAnother() throws {
    #expect(try plan(nil).pass == .forward)
    #expect(try ConvPass.allCases.map { try plan($0.rawValue).pass } == ConvPass.allCases)
    let error = #expect(throws: (any Error).self) { try plan("gradient") }
    #expect(
      error.map { "\($0)" }
        == "--pass: there is no pass 'gradient', expected one of forward, input-gradient, weight-gradient")
  }

  @Test(arguments: ConvPass.allCases)
  func denseIsMeasuredInEveryPass(pass: ConvPass) throws {
    var plan = try plan(pass.rawValue)
    plan.kernels = [DenseConvKernel(), ReferenceConvKernel()]
    let results = try results(plan)
    #expect(results.map(\.status) == ["ok", "ok"] && results.allSatisfy { $0.pass == pass })
    for result in results {
      let timing = try #require(result.timing)
      let operations = 2 * Double(result.nnz) * 50
      #expect(abs(timing.nonzeroGflops * timing.statistics.median * 1e9 - operations) < 1e-6 * operations)
      #expect(timing.speedupOverBestDense == timing.speedupOverDense)
      #expect(try #require(result.maxRelativeError) < 1e-5)
    }
  }

  @Test(arguments: gradients)
  func aKernelWithoutGradientsDeclines(pass: ConvPass) throws {
    var plan = try plan(pass.rawValue)
    plan.kernels = [ForwardKernel(), DenseConvKernel()]
    let results = try results(plan)
    #expect(results.map(\.status) == ["declined: computes forward only", "ok"])
    #expect(results[0].timing == nil && !results[0].isWrong)
    plan = try self.plan("forward")
    plan.kernels = [ForwardKernel()]
    #expect(try self.results(plan).map(\.status) == ["ok"])
  }

  @Test func aWrongGradientIsReportedAndNeverTimed() throws {
    for (pass, place) in zip(Self.gradients, ["input gradient [1, 2, 4, 4] is ", "weight gradient [3, 2, 2, 2] is "]) {
      let calls = CallCounter()
      var plan = try plan(pass.rawValue, sparsity: "0")
      plan.kernels = [WrongGradientKernel(calls: calls)]
      let result = try #require(try results(plan).first)
      #expect(result.status.hasPrefix("wrong: \(place)") && result.isWrong, "\(result.status)")
      #expect(result.timing == nil && result.maxRelativeError == nil)
      #expect(calls.count == 1)
    }
  }

  /// Sums of many products, on problems with every feature, by the kernel that rounds in float.
  @Test(
    arguments: gradients,
    ["g2mb3ic34ih9iw12oc38kh3sh2dh1ph2", "mb2ic65ih6oc40kh1", "mb16ic8ih56oc8kh3ph1", "g16mb1ic16ih9oc16kh3ph1"])
  func rightGradientsAreWithinTheirBounds(pass: ConvPass, problem: String) throws {
    for sparsity in ["0", "0.9", "1"] {
      var plan = try plan(pass.rawValue, problem: problem, sparsity: sparsity)
      plan.kernels = [DenseConvKernel()]
      #expect(try results(plan).map(\.status) == ["ok"], "\(sparsity)")
    }
  }

  /// Two groups of two input channels, of which the third has no weight.
  @Test func anInputGradientIsBoundedByTheWeightsOfItsChannel() throws {
    let folder = try TemporaryFolder()
    let matrix = "%%MatrixMarket matrix coordinate real general\n2 2 3\n1 1 1\n1 2 1\n2 2 1\n"
    let plan = try BenchPlan(
      BenchOptions(
        problems: ["g2mb1ic4ih3oc2kh1"], matrixFiles: [try folder.file("weights.mtx", holding: Data(matrix.utf8))],
        pass: "input-gradient"))
    let item = try #require(try plan.cases(of: plan.layers[0]).first)
    let problem = item.problem
    let operands = PassOperands.inputGradient(outputGradient: Tensor(repeating: 1, shape: problem.outputShape))
    let verification = try Verification(item, operands: operands, context: ComputeContext())
    var right = Tensor(repeating: 1, shape: problem.inputShape)
    for pixel in 18..<27 { right[flat: pixel] = 0 }
    #expect(verification.verdict(on: right) == .right(maxRelativeError: 0))
    for (channel, allowed) in [(0, 4), (1, 4), (2, 2), (3, 4)] {
      for (count, isRight) in [(allowed, true), (allowed + 1, false)] {
        var result = right
        result[flat: channel * 9] += Float(count) * .ulpOfOne
        #expect(
          (verification.verdict(on: result) == .right(maxRelativeError: Double(Float(count) * .ulpOfOne))) == isRight,
          "channel \(channel), \(count) ulp")
      }
    }
  }

  @Test(arguments: gradients)
  func everyFormNamesThePass(pass: ConvPass) throws {
    let folder = try TemporaryFolder()
    let names = ["json", "csv", "html"]
    let outcome = try BuiltCommand.run(
      ["--problem", "mb2ic4ih6oc4kh3ph1n\"conv\"", "--sparsity", "0.5,0.9", "--seconds-per-case", "0.001"]
        + ["--kernels", "dense,csparse", "--pass", pass.rawValue]
        + names.flatMap { ["--\($0)", folder.file("report.\($0)")] })
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("conv, \(pass.words)  [mb2"), "\(outcome.output)")

    let json = try JSONResults(contents(of: folder.file("report.json")))
    #expect(json.results.count == 4 && json.results.allSatisfy { $0["pass"] == .text(pass.rawValue) })
    #expect(json.results.compactMap { $0["speedupOverBestDense"]?.number } == [1, 1])
    let csv = try String(decoding: contents(of: folder.file("report.csv")), as: UTF8.self)
    #expect(json.isEqual(to: try CSVRecords(csv)))
    let page = try XMLTree(String(decoding: contents(of: folder.file("report.html")), as: UTF8.self))
    #expect(page.all("caption").contains { $0.text.hasPrefix("conv, \(pass.words) ") })
  }

  @Test func theSameNumbersGoIntoEveryRun() throws {
    let problem = try ConvProblem(benchdnn: "mb2ic3ih5oc4kh3ph1")
    guard case .weightGradient(let input, let gradient) = PassOperands(.weightGradient, problem: problem, seed: 3),
      case .weightGradient(let again, let gradientAgain) = PassOperands(.weightGradient, problem: problem, seed: 3)
    else {
      Issue.record("a weight gradient has an input and an output gradient")
      return
    }
    #expect(input == again && gradient == gradientAgain)
    #expect(input.shape == problem.inputShape && gradient.shape == problem.outputShape)
  }
}
