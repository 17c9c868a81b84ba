import Foundation
import HTMLReport
import SparseTraining

/// Trainings side by side: accuracy and speed, dense against sparse.
struct TrainingSummary {
  let results: [TrainingResult]
  let report: String

  var text: String {
    var table = TextTable(
      header: ["", "test accuracy", "best", "images/s", "speed-up", "weights stored", "sparsity"], leftAlignedCount: 1)
    let first = results.first?.record.imagesPerSecond
    for result in results {
      let record = result.record
      let rate = record.imagesPerSecond
      let stored = result.model.model.parameters.reduce(0) { $0 + $1.parameter.count }
      table.append([
        record.name, percent(record.epochs.last?.testAccuracy), percent(record.best?.testAccuracy),
        rate.map { String(format: "%.0f", $0) } ?? "-",
        ratio(rate, first).map { String(format: "%.2fx", $0) } ?? "-", "\(stored)",
        String(format: "%.3f", result.model.sparsity),
      ])
    }
    var lines = [table.text]
    if let last = results.last {
      lines.append("")
      lines.append("curves: \(report)")
      lines.append("model: sparse-bench --weights \(last.weightsPath) --problems \(last.problemsPath)")
    }
    return lines.joined(separator: "\n")
  }

  private func percent(_ fraction: Double?) -> String {
    fraction.map { String(format: "%.2f %%", $0 * 100) } ?? "-"
  }

  private func ratio(_ value: Double?, _ base: Double?) -> Double? {
    guard let value, let base, base > 0 else { return nil }
    return value / base
  }
}
