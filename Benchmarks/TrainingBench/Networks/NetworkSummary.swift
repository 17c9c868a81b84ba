import BenchmarkReport
import HTMLReport

/// The speed-ups of every network by sparsity, and their geometric means.
struct NetworkSummary {
  /// One line of the summary.
  struct Row: Equatable {
    let network: String
    let form: String
    /// One per sparsity, over the faster dense side; nil where nothing was measured.
    let speedups: [Double?]
  }

  let sparsities: [Double]
  let rows: [Row]

  init(_ results: [NetworkResult], sparsities: [Double]) {
    self.sparsities = sparsities
    let sparse = results.filter { !$0.isDense }
    func row(_ title: String, _ form: NetworkVariant.Form, among results: [NetworkResult]) -> Row {
      let speedups = sparsities.map { sparsity in
        results.filter { $0.form == form && $0.sparsity == sparsity }.compactMap { $0.timing?.speedupOverBestDense }
          .geometricMean
      }
      return Row(network: title, form: form.rawValue, speedups: speedups)
    }
    let networks = sparse.map(\.network).uniqued
    let forms: [NetworkVariant.Form] = [.uniform, .erk]
    var rows = networks.flatMap { network in
      forms.map { form in row(network.rawValue, form, among: sparse.filter { $0.network == network }) }
    }
    if networks.count > 1 { rows += forms.map { row("all", $0, among: sparse) } }
    self.rows = rows
  }

  /// The summary as a person reads it.
  var text: String {
    if rows.allSatisfy({ $0.speedups.allSatisfy { $0 == nil } }) { return "No speed-up over dense was measured." }
    var table = TextTable(header: ["network", "weights"] + sparsities.map(NumberText.percent), leftAlignedCount: 2)
    for row in rows {
      table.append([row.network, row.form] + row.speedups.map { $0.map { NumberText.ratio($0) } ?? "-" })
    }
    return "Speed-up of a training step over the faster dense side, by sparsity\n" + table.text
  }
}
