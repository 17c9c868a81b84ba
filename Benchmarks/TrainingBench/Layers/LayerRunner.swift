import BenchmarkReport
import HTMLReport
import SparseKernels
import TensorCore

/// Verifies and times the steps of one layer at a time.
struct LayerRunner {
  let plan: LayerPlan
  let interrupt: Interrupt
  let context: ComputeContext

  /// The images of the check against the reference, whose plain loops take a second for each on the larger layers. The whole batch
  /// is then compared with `dense`.
  static let checkedBatch = 2

  init(plan: LayerPlan, interrupt: Interrupt) {
    self.plan = plan
    self.interrupt = interrupt
    context = ComputeContext(threadCount: plan.settings.threadCount)
  }

  /// The results of a layer, the dense side first; what Ctrl-C left without a sample is left out.
  ///
  /// - Parameter progress: told what is being done.
  func results(of problem: ConvProblem, progress: (String) -> Void) throws -> [LayerResult] {
    let pool = TensorPool()
    let operands = StepOperands(problem, seed: plan.settings.seed &+ 1, pool: pool)
    let few = StepOperands(
      try problem.withBatch(min(problem.batch, Self.checkedBatch)), seed: plan.settings.seed &+ 2, pool: pool)
    let all = try weights(problem, sparsity: 0)
    let dense = try DenseResults(operands, weights: all, context: context)

    var outcomes: [LayerOutcome] = []
    func verify(_ side: LayerSide, _ kernels: [any ConvKernel], _ weights: ConvWeights, sparsity: Double) throws {
      progress("checking \(side.rawValue) at \(NumberText.percent(sparsity))")
      let checks = try [
        Yardstick(reference: few, weights: weights, context: context),
        Yardstick(dense: dense, weights: weights, context: context),
      ]
      for kernel in kernels where !interrupt.isRequested {
        let attempt = attempt(kernel, side, weights, problems: [few.problem, problem], checks: checks)
        outcomes.append(
          LayerOutcome(kernelName: kernel.name, side: side, sparsity: sparsity, weights: weights, attempt: attempt))
      }
    }
    try verify(.dense, plan.denseKernels, all, sparsity: 0)
    for sparsity in plan.settings.sparsities where !interrupt.isRequested {
      try verify(.sparse, [plan.sparseKernel], weights(problem, sparsity: sparsity), sparsity: sparsity)
    }
    try sample(
      outcomes.compactMap(\.contender), operands: operands, results: StepResults(problem, pool: pool),
      progress: progress)
    return LayerResult.results(of: outcomes, problem: problem, threads: plan.settings.threadCount)
  }

  private func weights(_ problem: ConvProblem, sparsity: Double) throws -> ConvWeights {
    var generator = SeededGenerator(seed: plan.settings.seed)
    return try .random(for: problem, sparsity: sparsity, using: &generator)
  }

  /// Checks a kernel on few images, then on all.
  private func attempt(
    _ kernel: any ConvKernel, _ side: LayerSide, _ weights: ConvWeights, problems: [ConvProblem], checks: [Yardstick]
  ) -> LayerOutcome.Attempt {
    var contender: LayerContender?
    do {
      for (problem, check) in zip(problems, checks) {
        if case .unsupported(let reason) = kernel.support(for: problem) { return .refused("declined: \(reason)") }
        // Prepared with other values, which the step then replaces: repacking is checked with the rest.
        let others = try weights.matrix.replacingValues(weights.matrix.values.map { 1 - $0 })
        var conv = try kernel.prepare(problem, weights: ConvWeights(others))
        if conv.gradients == nil { return .refused("declined: computes forward only") }
        try conv.replaceValues(weights.matrix.values)
        let errors = try check.errors(of: conv, weights: weights, context: context)
        contender = LayerContender(kernelName: kernel.name, side: side, weights: weights, conv: conv, errors: errors)
      }
    } catch let wrong as WrongResult {
      return .refused("wrong: \(wrong.detail)")
    } catch {
      return .refused("wrong: \(error)")
    }
    return contender.map { .contender($0) } ?? .refused("declined: there is no problem")
  }

  /// Rounds over the contenders, each with a burst of steps, until each has had its time.
  private func sample(
    _ contenders: [LayerContender], operands: StepOperands, results: StepResults, progress: (String) -> Void
  ) throws {
    var waiting = contenders
    while !waiting.isEmpty {
      for contender in waiting {
        if interrupt.isRequested { return }
        progress("timing \(contender.kernelName)")
        try contender.takeSamples(plan.settings.burst, operands: operands, results: results, context: context)
      }
      waiting.removeAll {
        plan.settings.isDone(sampleCount: $0.samples.count, secondsSpent: $0.secondsSpent)
      }
    }
  }
}

/// What became of one kernel on one set of weights.
struct LayerOutcome {
  enum Attempt {
    case contender(LayerContender)
    /// Why not: a status.
    case refused(String)
  }

  let kernelName: String
  let side: LayerSide
  let sparsity: Double
  let weights: ConvWeights
  let attempt: Attempt

  var contender: LayerContender? {
    if case .contender(let contender) = attempt { contender } else { nil }
  }
}
