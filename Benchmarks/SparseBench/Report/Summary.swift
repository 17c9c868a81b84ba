import Foundation
import SparseKernels

/// What the run says in ten seconds: for each group of layers and each kernel the geometric mean of its speed-ups over
/// dense, and the sparsity from which it is faster.
package struct Summary {
  /// One kernel on one group of layers.
  struct Row: Equatable {
    let group: String
    let kernel: String
    /// One per sparsity of ``Summary/sparsities``; nil where nothing was measured.
    let speedups: [Double?]
    let breakEven: BreakEven
  }

  /// From which sparsity a kernel beats dense.
  package enum BreakEven: Equatable {
    /// Between two measured sparsities, interpolated.
    case at(Double)
    /// Already at the lowest.
    case below(Double)
    /// Not even at the highest.
    case above(Double)
    /// Fewer than two sparsities were measured.
    case unknown
  }

  /// The columns; empty where the weights' sparsities were found, not chosen: then there is one column for all.
  let sparsities: [Double]
  let rows: [Row]

  /// - Parameters:
  ///   - results: with the group of layers that each belongs to.
  ///   - sparsities: the columns, or empty for one column.
  init(_ results: [(group: String, result: BenchResult)], sparsities: [Double]) {
    self.sparsities = sparsities
    let layerCounts = Dictionary(grouping: results, by: \.group).mapValues { Set($0.map(\.result.problem)).count }
    var groups: [(title: String, results: [BenchResult])] = []
    for (group, result) in results {
      let title = "\(group) (\(layerCounts[group] ?? 0))"
      if let index = groups.firstIndex(where: { $0.title == title }) {
        groups[index].results.append(result)
      } else {
        groups.append((title, [result]))
      }
    }
    if groups.count > 1 {
      let layers = Set(results.map(\.result.problem)).count
      groups.insert(("all (\(layers))", results.map(\.result)), at: 0)
    }
    rows = groups.flatMap { Self.rows(of: $0.title, $0.results, sparsities: sparsities) }
  }

  private static func rows(of group: String, _ results: [BenchResult], sparsities: [Double]) -> [Row] {
    var kernels: [String] = []
    for result in results where !kernels.contains(result.kernel) && result.kernel != DenseConvKernel().name {
      kernels.append(result.kernel)
    }
    return kernels.map { kernel in
      func mean(_ isIncluded: (BenchResult) -> Bool) -> Double? {
        geometricMean(
          results.filter { $0.kernel == kernel && isIncluded($0) }.compactMap { $0.timing?.speedupOverDense })
      }
      let speedups = sparsities.isEmpty ? [mean { _ in true }] : sparsities.map { s in mean { $0.sparsity == s } }
      let points = zip(sparsities, speedups).compactMap { sparsity, speedup in speedup.map { (sparsity, $0) } }
      return Row(group: group, kernel: kernel, speedups: speedups, breakEven: breakEven(points))
    }
  }

  package static func geometricMean(_ values: [Double]) -> Double? {
    if values.isEmpty { return nil }
    return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
  }

  /// Where the speed-up reaches 1. A sparse kernel's time is nearly linear in the density, so the relative time, the
  /// speed-up's reciprocal, is what is interpolated linearly.
  ///
  /// - Parameter points: sparsity and speed-up, in increasing order of sparsity.
  package static func breakEven(_ points: [(sparsity: Double, speedup: Double)]) -> BreakEven {
    guard let first = points.first, let last = points.last, points.count > 1 else { return .unknown }
    guard let losing = points.lastIndex(where: { $0.speedup < 1 }) else { return .below(first.sparsity) }
    if losing == points.count - 1 { return .above(last.sparsity) }
    let (low, high) = (points[losing], points[losing + 1])
    let (lowTime, highTime) = (1 / low.speedup, 1 / high.speedup)
    let share = (lowTime - 1) / (lowTime - highTime)
    return .at(low.sparsity + share * (high.sparsity - low.sparsity))
  }

  /// The summary as a person reads it.
  var text: String {
    if rows.allSatisfy({ $0.speedups.allSatisfy { $0 == nil } }) { return "No speed-up over dense was measured." }
    let columns = sparsities.isEmpty ? ["as found"] : sparsities.map(NumberText.percent)
    var table = TextTable(
      header: ["layers", "kernel"] + columns + (sparsities.isEmpty ? [] : ["faster from"]), leftAlignedCount: 2)
    var group: String?
    for row in rows {
      let cells = row.speedups.map { $0.map { NumberText.ratio($0) } ?? "-" }
      let end = sparsities.isEmpty ? [] : [row.breakEven.text]
      table.append([row.group == group ? "" : row.group, row.kernel] + cells + end)
      group = row.group
    }
    return "Speed-up over dense, geometric mean over layers, by sparsity\n" + table.text
  }
}

extension Summary.BreakEven {
  var text: String {
    switch self {
    case .at(let sparsity): String(format: "%.0f %%", sparsity * 100)
    case .below(let sparsity): "<= \(NumberText.percent(sparsity))"
    case .above(let sparsity): "> \(NumberText.percent(sparsity))"
    case .unknown: "-"
    }
  }
}
