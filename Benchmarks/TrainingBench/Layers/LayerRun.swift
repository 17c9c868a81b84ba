import BenchmarkReport

/// One run of a plan: layer after layer, each table when it is complete, then the summary and the files.
struct LayerRun {
  let plan: LayerPlan
  let report: RunReport

  /// - Throws: ``BenchError`` after everything is printed and written, if a kernel computed something wrong or Ctrl-C
  ///   ended the run.
  func run() throws {
    let runner = LayerRunner(plan: plan, interrupt: report.interrupt)
    let line = ProgressLine(total: plan.problems.count, isQuiet: report.isQuiet)
    var results: [LayerResult] = []
    for problem in plan.problems where !report.interrupt.isRequested {
      let ofLayer = try runner.results(of: problem) { doing in line.show("\(problem.title): \(doing)") }
      line.done += 1
      line.clear()
      results += ofLayer
      if !report.isQuiet && !ofLayer.isEmpty { report.show("\n" + LayerTable(results: ofLayer).text) }
    }
    let summary = LayerSummary(results, sparsities: plan.settings.sparsities)
    report.show((report.isQuiet ? "" : "\n") + summary.text)
    try report.write("layers", results)
    try report.end(
      wrong: results.filter(\.isWrong).map { "\($0.kernel) on \($0.problem.benchdnn): \($0.status)" })
  }
}
