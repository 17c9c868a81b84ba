import BenchmarkReport
import HTMLReport

/// For each group of layers the geometric means of the sparse side's speed-ups, by sparsity: of the step and of its passes.
struct LayerSummary {
  /// One line of the summary.
  struct Row: Equatable {
    let group: String
    /// What is averaged, or `slowest layer`.
    let part: String
    /// One per sparsity; nil where nothing was measured.
    let speedups: [Double?]
  }

  let sparsities: [Double]
  let rows: [Row]

  init(_ results: [LayerResult], sparsities: [Double]) {
    self.sparsities = sparsities
    let sparse = results.filter { $0.side == .sparse }
    rows = sparse.map(\.problem.group).uniqued.flatMap { group in
      let ofGroup = sparse.filter { $0.problem.group == group }
      func row(
        _ part: String, _ value: (StepTiming) -> Double?, _ combine: ([Double]) -> Double? = { $0.geometricMean }
      ) -> Row {
        let speedups = sparsities.map { sparsity in
          combine(ofGroup.filter { $0.sparsity == sparsity }.compactMap { $0.timing.flatMap(value) })
        }
        return Row(group: group, part: part, speedups: speedups)
      }
      let passes: [StepPhase] = [.forward, .gradients]
      return [row("step", \.speedup), row("step, slowest layer", \.speedup) { $0.min() }]
        + passes.map { phase in row(phase.words) { $0.phaseSpeedups[phase] } }
    }
  }

  /// The summary as a person reads it.
  var text: String {
    if rows.allSatisfy({ $0.speedups.allSatisfy { $0 == nil } }) { return "No speed-up over dense was measured." }
    var table = TextTable(header: ["layers", "part"] + sparsities.map(NumberText.percent), leftAlignedCount: 2)
    var group: String?
    for row in rows {
      table.append(
        [row.group == group ? "" : row.group, row.part] + row.speedups.map { $0.map { NumberText.ratio($0) } ?? "-" })
      group = row.group
    }
    return "Speed-up over the fastest dense step of each layer, geometric mean over layers, by sparsity\n" + table.text
  }
}
