import BenchmarkShapes
import SparseKernels
import TensorCore
import TestSupport
import Testing

/// What is chosen, and what a plan says of it.
@Suite struct ConvPlannerTests {
  private let problem: ConvProblem
  private let weights: ConvWeights

  init() throws {
    problem = try ConvProblem(benchdnn: "mb1ic8ih6oc8kh3ph1n\"layer\"")
    weights = try Self.weights(problem, sparsity: 0.5)
  }

  private static func weights(_ problem: ConvProblem, sparsity: Double) throws -> ConvWeights {
    var generator = SeededGenerator(seed: 3)
    return try .random(for: problem, sparsity: sparsity, using: &generator)
  }

  private func plan(
    _ kernels: [FakeKernel], mode: PlanMode = .model, pass: ConvPass = .forward
  ) throws -> ConvPlan {
    try ConvPlanner(candidates: kernels, cache: nil, rates: roundRates)
      .plan(problem, pattern: weights.matrix.pattern, pass: pass, mode: mode)
  }

  @Test func theLeastPredictionWins() throws {
    let kernels = [FakeKernel(name: "slow", predicted: 2e-3), FakeKernel(name: "fast", predicted: 1e-3)]
    #expect(try plan(kernels).choice == "fast")
    #expect(try plan(kernels.reversed()).choice == "fast")
    #expect(try plan(kernels).origin == .model)
  }

  @Test func whatRefusesIsNotChosen() throws {
    let kernels = [FakeKernel(name: "able", predicted: 2), FakeKernel(name: "unable", refusal: "no", predicted: 1)]
    let plan = try plan(kernels)
    #expect(plan.choice == "able")
    #expect(plan.candidates.map(\.refusal) == [nil, "no"])
    #expect(throws: KernelError.unsupported(kernel: "auto", reason: "a: one; b: two")) {
      try self.plan([FakeKernel(name: "a", refusal: "one"), FakeKernel(name: "b", refusal: "two")])
    }
  }

  @Test func withoutAPredictionOnlyWhereThereIsNone() throws {
    let unknown = FakeKernel(name: "unknown")
    #expect(try plan([unknown, FakeKernel(name: "known", predicted: 100)]).choice == "known")
    #expect(try plan([unknown, FakeKernel(name: "other")]).choice == "unknown")
  }

  @Test func measuringFindsWhatThePredictionsDeny() throws {
    let plan = try plan(
      [
        FakeKernel(name: "praised", predicted: 1e-3, delay: 2e-3), FakeKernel(name: "modest", predicted: 2e-3),
        FakeKernel(name: "silent", delay: 2e-3), FakeKernel(name: "hopeless", predicted: 1),
      ], mode: .measured)
    #expect(plan.choice == "modest" && plan.origin == .measured)
    #expect(plan.candidates.map { $0.measuredSeconds != nil } == [true, true, true, false])
    #expect(plan.candidates[3].refusal == "not worth timing, predicted 1000.0 times the best")
    #expect(plan.candidates[0].measuredSeconds ?? 0 >= 2e-3)
  }

  @Test(arguments: [ConvPass.inputGradient, .weightGradient])
  func measuringAGradientTimesWhatHasIt(pass: ConvPass) throws {
    let plan = try plan(
      [FakeKernel(name: "forward", hasGradients: false), FakeKernel(name: "both")], mode: .measured, pass: pass)
    #expect(plan.choice == "both" && plan.pass == pass)
    #expect(plan.candidates[0].refusal == "computes forward only")
  }

  @Test func theDescriptionTellsEachCandidate() throws {
    let text = try plan([
      FakeKernel(name: "first", predicted: 1.5e-3), FakeKernel(name: "b", refusal: "too wide"), FakeKernel(name: "c"),
    ]).description
    let expected = """
      forward, 1 thread: first, by the cost model
        * first  predicted 1.500 ms
          b      refused: too wide
          c      no cost model
      """
    #expect(text == expected)
  }

  @Test func aPatternOfAnotherShapeIsRefused() throws {
    let other = try ConvProblem(benchdnn: "mb1ic8ih6oc4kh3ph1")
    #expect(throws: KernelError.weightShape(rows: 8, columns: 72, problem: other)) {
      try ConvPlanner(cache: nil, rates: roundRates).plan(other, pattern: weights.matrix.pattern)
    }
  }

  // MARK: - The kernels of the list

  /// Large layers, where nothing is close.
  @Test(arguments: [ShapeSuite.resnet50, .vgg16])
  func denseAtNoZerosAndSparseAtMany(suite: ShapeSuite) throws {
    let dense = Set(ConvKernelList.candidates.filter(\.isDense).map(\.name))
    let planner = ConvPlanner(cache: nil, rates: roundRates)
    for problem in try suite.problems() where problem.inputChannels > 3 {
      func choice(_ sparsity: Double) throws -> String {
        try planner.plan(problem, pattern: Self.weights(problem, sparsity: sparsity).matrix.pattern, mode: .model)
          .choice
      }
      // A build without a strong dense kernel may well use a sparse one.
      if dense.count > 1 { #expect(dense.contains(try choice(0)), "\(problem)") }
      #expect(!dense.contains(try choice(0.95)), "\(problem)")
    }
  }

  @Test func everyPredictionIsATime() throws {
    for problem in try ShapeSuite.conformance.problems() {
      let pattern = try Self.weights(problem, sparsity: 0.75).matrix.pattern
      for pass in ConvPass.allCases {
        for threadCount in [1, 2, 5] {
          let query = CostQuery(problem, pattern: pattern, pass: pass, threadCount: threadCount, rates: roundRates)
          for kernel in ConvKernelList.candidates where kernel.support(for: problem) == .supported {
            guard let seconds = kernel.cost(query)?.seconds else { continue }
            #expect(seconds > 0 && seconds < 1, "\(kernel.name), \(pass), \(threadCount) threads, \(problem)")
          }
        }
      }
    }
  }

  @Test func aPredictionGrowsWithWhatIsStored() throws {
    let problem = try ConvProblem(benchdnn: "mb1ic64ih28oc64kh3ph1")
    for kernel in ConvKernelList.candidates where !kernel.isDense {
      let seconds = try [0.95, 0.8, 0.5, 0].compactMap { sparsity in
        let pattern = try Self.weights(problem, sparsity: sparsity).matrix.pattern
        return kernel.cost(CostQuery(problem, pattern: pattern, rates: roundRates))?.seconds
      }
      #expect(seconds == seconds.sorted() && seconds.count == 4, "\(kernel.name): \(seconds)")
    }
  }

  @Test func theMachinesRatesAreMeasured() {
    let rates = MachineRates.current
    #expect(rates.vectorsPerSecond > 1e7 && rates.gemmFlops > 1e8 && rates.peakFlops > 1e8)
    #expect(rates.nearBytesPerSecond > 1e8 && rates.farBytesPerSecond > 1e8)
    #expect(rates == .current)
  }
}
