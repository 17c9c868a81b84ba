import Foundation
import SparseKernels

/// One run of a plan: measures case after case, prints each layer's table when it is complete, then the summary.
struct BenchRun {
  let plan: BenchPlan
  let jsonPath: String?
  let isQuiet: Bool

  /// - Throws: ``BenchError`` after everything is printed and written, if a kernel computed something wrong or Ctrl-C
  ///   ended the run.
  func run() throws {
    let interrupt = Interrupt()
    interrupt.install()
    let environment = BenchEnvironment(plan: plan)
    if !isQuiet { show(environment.summary) }
    let ceilings = MachineCeilings.measure(on: environment.processor)
    if !isQuiet {
      show(describe(ceilings))
      environment.caution.map(show)
    }

    let results = try measure(interrupt)
    let isOneColumn = plan.layers.contains { $0.weights != nil }
    show((isQuiet ? "" : "\n") + Summary(results, sparsities: isOneColumn ? [] : plan.sparsities).text)
    if let jsonPath {
      try BenchDocument(environment: environment, ceilings: ceilings, results: results.map(\.result))
        .write(to: jsonPath)
    }
    let wrong = results.filter(\.result.isWrong)
    if let first = wrong.first?.result {
      throw BenchError(
        status: .wrongResult,
        description: "\(wrong.count) wrong results; the first: \(first.kernel) on \(first.problem): \(first.status)")
    }
    if interrupt.isRequested {
      throw BenchError(status: .interrupted, description: "interrupted: the report covers what was measured until then")
    }
  }

  private func measure(_ interrupt: Interrupt) throws -> [(group: String, result: BenchResult)] {
    let runner = CaseRunner(plan: plan, interrupt: interrupt)
    let line = ProgressLine(total: plan.caseCount, isQuiet: isQuiet)
    var results: [(group: String, result: BenchResult)] = []
    for layer in plan.layers where !interrupt.isRequested {
      var layerResults: [BenchResult] = []
      for item in try plan.cases(of: layer) where !interrupt.isRequested {
        layerResults += try runner.results(of: item) { line.show(item, $0) }
        line.done += 1
      }
      line.clear()
      if !isQuiet && !layerResults.isEmpty {
        show("\n" + LayerTable.text(title: "\(layer.title)  [\(layer.problem.benchdnn)]", results: layerResults))
      }
      results += layerResults.map { (layer.group, $0) }
    }
    return results
  }

  /// Prints at once, so that a reader at the other end of a pipe sees each table when it is ready.
  private func show(_ text: String) {
    print(text)
    fflush(nil)
  }

  private func describe(_ ceilings: MachineCeilings) -> String {
    String(
      format: "ceilings of one core: FMA %.0f GFLOP/s, from L1 %.0f, from L2 %.0f; reading L1 %.0f GB/s, memory %.0f",
      ceilings.fmaGflops, ceilings.l1FmaGflops, ceilings.l2FmaGflops, ceilings.l1ReadGBps, ceilings.memoryReadGBps)
  }
}

extension BenchLayer {
  /// What the summary groups by: where the layer comes from, and its kernel's size.
  var group: String { "\(origin) \(problem.kernelSize)" }
}
