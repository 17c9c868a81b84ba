import Foundation
import HTMLReport
import SparseKernels

/// One run of a plan: measures case after case, prints each layer's table when it is complete, then the summary.
struct BenchRun {
  let plan: BenchPlan
  let outputs: [ReportOutput]
  let isQuiet: Bool
  /// Whether each layer's plans are printed.
  let explains: Bool

  /// - Throws: ``BenchError`` after everything is printed and written, if a kernel computed something wrong or Ctrl-C
  ///   ended the run.
  func run() throws {
    let interrupt = Interrupt()
    interrupt.install()
    var environment = BenchEnvironment(plan: plan)
    if !isQuiet { show(environment.summary) }
    let (ceilings, coreShare) = CoreShare.during { [environment] in
      MachineCeilings.measure(on: environment.processor)
    }
    environment.coreShare = coreShare
    if !isQuiet {
      show(describe(ceilings))
      environment.cautions.forEach(show)
    }

    let layers = try measure(interrupt)
    let isOneColumn = plan.layers.contains { $0.weights != nil }
    let report = BenchReport(
      environment: environment, ceilings: ceilings, layers: layers, sparsities: isOneColumn ? [] : plan.sparsities,
      isInterrupted: interrupt.isRequested)
    show((isQuiet ? "" : "\n") + report.summary.text)
    if let regret = RegretSummary(report.results) { show(regret.text) }
    try write(report)
    let wrong = report.results.filter(\.isWrong)
    if let first = wrong.first {
      throw BenchError(
        status: .wrongResult,
        description: "\(wrong.count) wrong results; the first: \(first.kernel) on \(first.problem): \(first.status)")
    }
    if interrupt.isRequested {
      throw BenchError(status: .interrupted, description: "interrupted: the report covers what was measured until then")
    }
  }

  private func measure(_ interrupt: Interrupt) throws -> [LayerReport] {
    let runner = CaseRunner(plan: plan, interrupt: interrupt)
    let line = ProgressLine(total: plan.caseCount, isQuiet: isQuiet)
    var reports: [LayerReport] = []
    for layer in plan.layers where !interrupt.isRequested {
      var results: [BenchResult] = []
      for item in try plan.cases(of: layer) where !interrupt.isRequested {
        results += try runner.results(of: item) { progress in
          line.show("\(item.layer.title) at \(NumberText.percent(item.sparsity)): \(progress.words)")
        }
        line.done += 1
      }
      line.clear()
      if results.isEmpty { continue }
      let report = LayerReport(
        title: layer.title, notation: layer.problem.benchdnn, group: layer.group, pass: plan.pass, results: results)
      if !isQuiet { show("\n" + LayerTable(report).text) }
      if explains { explain(report) }
      reports.append(report)
    }
    return reports
  }

  /// Prints what `auto` knew at each sparsity.
  private func explain(_ layer: LayerReport) {
    for result in layer.results {
      guard let plan = result.planned?.plan else { continue }
      show("\n\(layer.title) at \(NumberText.percent(result.sparsity)), \(plan)")
    }
  }

  /// Writes every file, also when one of them fails, so that hours of measuring are not lost with it.
  private func write(_ report: BenchReport) throws {
    let failures = outputs.compactMap { output in
      Result { try output.write(report) }.failure
    }
    if let first = failures.first { throw first }
  }

  /// Prints at once, so that a reader at the other end of a pipe sees each table when it is ready.
  private func show(_ text: String) {
    print(text)
    fflush(nil)
  }

  private func describe(_ ceilings: MachineCeilings) -> String {
    let rates = [
      ceilings.fmaGflops, ceilings.l1FmaGflops, ceilings.l2FmaGflops, ceilings.l1ReadGBps, ceilings.memoryReadGBps,
    ].map(NumberText.ceiling)
    return "ceilings of one core: FMA \(rates[0]) GFLOP/s, from L1 \(rates[1]), from L2 \(rates[2]); "
      + "reading L1 \(rates[3]) GB/s, memory \(rates[4])"
  }
}

extension BenchLayer {
  /// What the summary groups by: where the layer comes from, and its kernel's size.
  var group: String { "\(origin) \(problem.kernelSize)" }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
