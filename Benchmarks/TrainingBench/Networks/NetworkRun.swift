import BenchmarkReport
import HTMLReport

/// One run of a plan: network after network, each table when it is complete, then the summary and the files.
struct NetworkRun {
  let plan: NetworkPlan
  let report: RunReport

  /// - Throws: ``BenchError`` after everything is printed and written, if a network computed something wrong or Ctrl-C
  ///   ended the run.
  func run() throws {
    let runner = NetworkRunner(plan: plan, interrupt: report.interrupt)
    let line = ProgressLine(total: plan.networks.count, isQuiet: report.isQuiet)
    var results: [NetworkResult] = []
    for network in plan.networks where !report.interrupt.isRequested {
      let ofNetwork = try runner.results(of: network) { doing in line.show("\(network.rawValue): \(doing)") }
      line.done += 1
      line.clear()
      results += ofNetwork
      if report.isQuiet || ofNetwork.isEmpty { continue }
      report.show("\n" + NetworkTable(results: ofNetwork).text)
      if plan.profiles { report.show("\n" + ProfileTable(results: ofNetwork).text) }
    }
    let summary = NetworkSummary(results, sparsities: plan.settings.sparsities)
    report.show((report.isQuiet ? "" : "\n") + summary.text)
    try report.write("networks", results)
    try report.end(
      wrong: results.filter(\.isWrong).map {
        "\($0.network.rawValue), \($0.form.rawValue) at \(NumberText.percent($0.sparsity)): \($0.status)"
      })
  }
}
