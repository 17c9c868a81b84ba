import Foundation
import HTMLReport
import SparseKernels

extension BenchResult.Planned {
  /// The choice and its regret.
  package var words: String {
    let regret = regret.map { ", regret \(String(format: "%.1f %%", $0 * 100))" } ?? ""
    return "\(plan.choice), by \(plan.origin.words)\(regret)"
  }
}

/// The results of one layer as a table: a block of kernels for each sparsity.
package struct LayerTable {
  /// The kernels at one sparsity.
  package struct Block {
    package let sparsity: String
    /// A kernel and its numbers, as many as the header has after the sparsity.
    package fileprivate(set) var rows: [[String]]
  }

  package static let header = [
    "sparsity", "kernel", "median ms", "+- ms", "nonzero GFLOP/s", "dense-eq. GFLOP/s", "vs dense", "weight KiB",
    "scratch KiB",
  ]

  /// The layer and the pass.
  package let title: String
  /// The problem.
  package let detail: String
  package private(set) var blocks: [Block] = []
  /// What a row does not say: why it has no numbers, what `auto` chose.
  package private(set) var notes: [String] = []

  package init(_ layer: LayerReport) {
    title = "\(layer.title), \(layer.pass.words)"
    detail = layer.notation
    var last: Double?
    for result in layer.results {
      let sparsity = NumberText.percent(result.sparsity)
      if result.sparsity != last { blocks.append(Block(sparsity: sparsity, rows: [])) }
      last = result.sparsity
      blocks[blocks.count - 1].rows.append([result.kernel] + Self.numbers(of: result))
      if let planned = result.planned { notes.append("\(result.kernel) at \(sparsity): \(planned.words)") }
      if result.timing == nil { notes.append("\(result.kernel) at \(sparsity): \(result.status)") }
    }
  }

  private static func numbers(of result: BenchResult) -> [String] {
    guard let timing = result.timing else { return Array(repeating: "-", count: header.count - 2) }
    return [
      NumberText.milliseconds(timing.statistics.median),
      NumberText.milliseconds(timing.statistics.medianAbsoluteDeviation),
      NumberText.rate(timing.nonzeroGflops), NumberText.rate(timing.denseEquivalentGflops),
      timing.speedupOverDense.map { NumberText.ratio($0, isLevel: timing.isLevelWithDense) } ?? "-",
      NumberText.kibibytes(timing.weightByteCount), NumberText.kibibytes(timing.scratchByteCount),
    ]
  }

  /// The table as the terminal shows it.
  package var text: String {
    var table = TextTable(header: Self.header, leftAlignedCount: 2)
    for block in blocks {
      for (index, row) in block.rows.enumerated() { table.append([index == 0 ? block.sparsity : ""] + row) }
    }
    return (["\(title)  [\(detail)]", table.text] + notes.map { "  " + $0 }).joined(separator: "\n")
  }
}
