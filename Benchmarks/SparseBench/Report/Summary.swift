import Foundation
import HTMLReport
import SparseKernels

/// What the run says in ten seconds: for each group of layers and each kernel the geometric mean of its speed-ups over
/// dense, and the sparsity from which it is faster.
package struct Summary: Sendable {
  /// One kernel on one group of layers.
  package struct Row: Equatable, Sendable {
    /// The group's title.
    package let group: String
    package let kernel: String
    /// One per sparsity of ``Summary/sparsities``; nil where nothing was measured.
    package let speedups: [Double?]
    package let breakEven: BreakEven
  }

  /// From which sparsity a kernel beats dense.
  package enum BreakEven: Equatable, Sendable {
    /// Between two measured sparsities, interpolated.
    case at(Double)
    /// Already at the lowest.
    case below(Double)
    /// Not even at the highest.
    case above(Double)
    /// Fewer than two sparsities were measured.
    case unknown
  }

  let pass: ConvPass
  /// The columns; empty where the weights' sparsities were found, not chosen: then there is one column for all.
  package let sparsities: [Double]
  package let rows: [Row]

  /// - Parameter sparsities: the columns, or empty for one column.
  package init(_ groups: [LayerGroup], pass: ConvPass, sparsities: [Double]) {
    self.pass = pass
    self.sparsities = sparsities
    rows = groups.flatMap { Self.rows(of: $0, sparsities: sparsities) }
  }

  private static func rows(of group: LayerGroup, sparsities: [Double]) -> [Row] {
    let results = group.results
    return results.map(\.kernel).uniqued.filter { $0 != DenseConvKernel().name }.map { kernel in
      func mean(_ isIncluded: (BenchResult) -> Bool) -> Double? {
        results.filter { $0.kernel == kernel && isIncluded($0) }.compactMap { $0.timing?.speedupOverDense }
          .geometricMean
      }
      let speedups = sparsities.isEmpty ? [mean { _ in true }] : sparsities.map { s in mean { $0.sparsity == s } }
      let points = zip(sparsities, speedups).compactMap { sparsity, speedup in speedup.map { (sparsity, $0) } }
      // Another dense kernel is faster or it is not; no sparsity decides it.
      let breakEven = DenseBaselines.kernelNames.contains(kernel) ? .unknown : breakEven(points)
      return Row(group: group.title, kernel: kernel, speedups: speedups, breakEven: breakEven)
    }
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

  /// Whether no kernel could be compared with dense.
  package var isEmpty: Bool { rows.allSatisfy { $0.speedups.allSatisfy { $0 == nil } } }

  package var title: String { "Speed-up over dense, \(pass.words), geometric mean over layers, by sparsity" }

  /// The table's first line.
  package var header: [String] {
    ["layers", "kernel"] + (sparsities.isEmpty ? ["as found"] : sparsities.map(NumberText.percent) + ["faster from"])
  }

  /// A row's cells after the group and the kernel.
  package func numbers(of row: Row) -> [String] {
    row.speedups.map { $0.map { NumberText.ratio($0) } ?? "-" } + (sparsities.isEmpty ? [] : [row.breakEven.text])
  }

  /// The summary as a person reads it.
  package var text: String {
    if isEmpty { return "No speed-up over dense was measured." }
    var table = TextTable(header: header, leftAlignedCount: 2)
    var group: String?
    for row in rows {
      table.append([row.group == group ? "" : row.group, row.kernel] + numbers(of: row))
      group = row.group
    }
    return title + "\n" + table.text
  }
}

extension Summary.BreakEven {
  package var text: String {
    switch self {
    case .at(let sparsity): String(format: "%.0f %%", sparsity * 100)
    case .below(let sparsity): "<= \(NumberText.percent(sparsity))"
    case .above(let sparsity): "> \(NumberText.percent(sparsity))"
    case .unknown: "-"
    }
  }
}
