import Foundation

/// The results of one layer as a table: a block of kernels for each sparsity.
enum LayerTable {
  static func text(title: String, results: [BenchResult]) -> String {
    var table = TextTable(
      header: [
        "sparsity", "kernel", "median ms", "+- ms", "nonzero GFLOP/s", "dense-eq. GFLOP/s", "vs dense", "weight KiB",
        "scratch KiB",
      ], leftAlignedCount: 2)
    var notes: [String] = []
    var sparsity: Double?
    for result in results {
      let first = result.sparsity == sparsity ? "" : NumberText.percent(result.sparsity)
      sparsity = result.sparsity
      guard let timing = result.timing else {
        table.append([first, result.kernel] + Array(repeating: "-", count: 7))
        notes.append("  \(result.kernel) at \(NumberText.percent(result.sparsity)): \(result.status)")
        continue
      }
      table.append([
        first, result.kernel, NumberText.milliseconds(timing.statistics.median),
        NumberText.milliseconds(timing.statistics.medianAbsoluteDeviation),
        NumberText.rate(timing.nonzeroGflops), NumberText.rate(timing.denseEquivalentGflops),
        timing.speedupOverDense.map { NumberText.ratio($0, isLevel: timing.isLevelWithDense) } ?? "-",
        NumberText.kibibytes(timing.weightByteCount), NumberText.kibibytes(timing.scratchByteCount),
      ])
    }
    return ([title, table.text] + notes).joined(separator: "\n")
  }
}

/// Numbers as a person reads them.
enum NumberText {
  static func percent(_ fraction: Double) -> String {
    let percent = fraction * 100
    return percent == percent.rounded() ? String(format: "%.0f %%", percent) : String(format: "%.1f %%", percent)
  }

  static func milliseconds(_ seconds: Double) -> String { String(format: "%.3f", seconds * 1e3) }

  static func rate(_ gflops: Double) -> String { String(format: "%.1f", gflops) }

  /// A speed-up; `~` where it is within the spread of the samples, so that nobody reads a difference into it.
  static func ratio(_ ratio: Double, isLevel: Bool = false) -> String {
    (isLevel ? "~" : "") + String(format: "%.2fx", ratio)
  }

  static func kibibytes(_ byteCount: Int) -> String { String(format: "%.0f", (Double(byteCount) / 1024).rounded(.up)) }
}
