import SparseKernels
import TensorCore

/// Verifies and times the kernels on one case at a time.
package struct CaseRunner {
  let plan: BenchPlan
  let interrupt: Interrupt
  let context: ComputeContext

  package init(plan: BenchPlan, interrupt: Interrupt) {
    self.plan = plan
    self.interrupt = interrupt
    context = ComputeContext(threadCount: plan.threadCount)
  }

  /// The results of a case, in the order of the plan's kernels; what Ctrl-C left without a sample is left out.
  ///
  /// - Parameter progress: told which kernel is being verified, and the share of the timing that is done.
  package func results(of item: BenchCase, progress: (CaseProgress) -> Void) throws -> [BenchResult] {
    let operands = PassOperands(plan.pass, problem: item.problem, seed: plan.seed &+ 1)
    progress(.verifying("reference"))
    let verification = try Verification(item, operands: operands, context: context)
    var result = operands.emptyResult(for: item)

    var outcomes: [Outcome] = []
    for kernel in plan.kernels where !interrupt.isRequested {
      progress(.verifying(kernel.name))
      outcomes.append(verify(kernel, item, verification, operands: operands, result: &result))
    }
    try sample(&outcomes, result: &result, progress: progress)
    return BenchResult.results(of: outcomes, item: item, plan: plan)
  }

  private func verify(
    _ kernel: any ConvKernel, _ item: BenchCase, _ verification: Verification, operands: PassOperands,
    result: inout Tensor
  ) -> Outcome {
    if case .unsupported(let reason) = kernel.support(for: item.problem) {
      return .refused(kernelName: kernel.name, status: "declined: \(reason)")
    }
    do {
      let prepared = try kernel.prepare(item.problem, weights: item.weights)
      guard let call = operands.call(of: prepared) else {
        return .refused(kernelName: kernel.name, status: "declined: computes forward only")
      }
      result = operands.emptyResult(for: item)
      try call.run(into: &result, context: context)
      switch verification.verdict(on: result, errorGrowth: prepared.errorGrowth) {
      case .right(let error):
        let chosen = (prepared as? PreparedAutoConv)?.plan(of: plan.pass)
        let query = CostQuery(
          item.problem, pattern: item.weights.matrix.pattern, pass: plan.pass, threadCount: plan.threadCount)
        return .contender(
          Contender(
            kernelName: kernel.name, call: call, weightByteCount: prepared.weightByteCount, maxRelativeError: error,
            predicted: chosen == nil ? kernel.cost(query) : chosen?.chosen.predicted, plan: chosen))
      case .wrong(let detail):
        return .refused(kernelName: kernel.name, status: "wrong: \(detail)")
      }
    } catch {
      return .refused(kernelName: kernel.name, status: "wrong: \(error)")
    }
  }

  /// Rounds over the kernels, each with a burst of samples, until each has had its time: what disturbs the machine for a
  /// while disturbs them all.
  private func sample(
    _ outcomes: inout [Outcome], result: inout Tensor, progress: (CaseProgress) -> Void
  ) throws {
    var isUnfinished = true
    while isUnfinished && !interrupt.isRequested {
      isUnfinished = false
      for index in outcomes.indices where !interrupt.isRequested {
        guard case .contender(var contender) = outcomes[index] else { continue }
        if contender.secondsSpent >= plan.secondsPerCase || contender.samples.count >= Burst.largestSampleCount {
          continue
        }
        progress(.timing(contender.kernelName))
        try contender.takeSamples(
          Burst(secondsPerCase: plan.secondsPerCase, leastCount: 2), result: &result, context: context)
        outcomes[index] = .contender(contender)
        isUnfinished = true
      }
    }
  }
}

/// What became of one kernel in one case.
enum Outcome {
  case contender(Contender)
  case refused(kernelName: String, status: String)
}

/// Where a case stands.
package enum CaseProgress {
  case verifying(String)
  case timing(String)

  var words: String {
    switch self {
    case .verifying(let kernel): "checking \(kernel)"
    case .timing(let kernel): "timing \(kernel)"
    }
  }
}
