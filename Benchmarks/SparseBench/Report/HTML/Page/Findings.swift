import HTMLReport
import SparseKernels

/// The run in sentences, with the same numbers as the tables.
package struct Findings {
  let report: BenchReport

  package init(_ report: BenchReport) { self.report = report }

  /// What was measured, on what.
  package var subject: String {
    let results = report.results
    if results.isEmpty { return "Nothing was measured on \(report.environment.processor.model)." }
    let origins = report.groups.filter { $0.name != "all" }.map(\.name).joined(separator: ", ")
    let layerCount = Set(report.layers.map(\.notation)).count
    let batches = Set(results.map(\.batch)).sorted().map(String.init).joined(separator: ", ")
    let kernels = report.kernelNames
    return
      "Measured: \(report.environment.pass.subject) of \(NumberText.count(layerCount, "convolution layer")) (\(origins)) with \(weights), through "
      + "\(NumberText.count(kernels.count, "kernel")) (\(kernels.joined(separator: ", "))) on "
      + "\(report.environment.processor.model) with \(NumberText.count(report.environment.threads, "thread")); float32, "
      + "images per call: \(batches). A kernel's result was checked before it was timed."
  }

  private var weights: String {
    let found = Set(report.results.map(\.sparsity)).sorted()
    let range = [found.first, found.last].compactMap { $0.map(NumberText.percent) }.uniqued.joined(separator: " to ")
    return report.sparsities.isEmpty
      ? "weights from a file, \(range) of them zero" : "random weights, \(range) of them zero"
  }

  /// The result: each kernel over all layers, the fastest first.
  package var result: String {
    guard let group = report.groups.first, let clauses = clauses(of: group) else {
      return report.results.isEmpty
        ? "" : "No speed-up over dense was measured: that takes dense and another kernel on the same layer."
    }
    let mean = group.layerCount > 1 ? ", geometric mean over \(group.description)" : ""
    return "The result \(clauses.place)\(mean): \(clauses.kernels.joined(separator: "; "))."
  }

  /// The kernel that did best in each group of layers, where there are several.
  package var bestOfGroups: [String] {
    report.groups.dropFirst().compactMap { group in
      clauses(of: group).flatMap { clauses in
        clauses.kernels.first.map { "\(group.description), \(clauses.place): \($0)." }
      }
    }
  }

  /// What a reader must know before believing a number.
  package var cautions: [String] {
    var cautions = report.environment.cautions.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    if report.environment.buildConfiguration != "release" {
      cautions.append("Caution: this is a debug build, whose times say nothing.")
    }
    if report.isInterrupted { cautions.append("The run was interrupted: this is what was measured until then.") }
    return cautions + refusals
  }

  /// What was declined or wrong, each reason once with the cases that it befell.
  private var refusals: [String] {
    let refused = report.layers.flatMap { layer in
      layer.results.filter { $0.timing == nil }.map { (layer: layer.title, result: $0) }
    }
    let reasons = refused.map { Reason(kernel: $0.result.kernel, status: $0.result.status) }.uniqued
    return reasons.map { reason in
      let cases = refused.filter { $0.result.kernel == reason.kernel && $0.result.status == reason.status }
      let places = cases.map(\.layer).uniqued.map { layer in
        let sparsities = cases.filter { $0.layer == layer }.map { NumberText.percent($0.result.sparsity) }.uniqued
        return "\(layer) at \(sparsities.joined(separator: ", "))"
      }
      return "\(reason.sentence) This is so on: \(places.joined(separator: "; "))."
    }
  }

  private struct Reason: Hashable {
    let kernel: String
    let status: String

    var sentence: String {
      if let reason = status.suffix(after: "declined: ") { return "\(kernel) declined: \(reason)." }
      return "\(kernel) computed something wrong and was not timed: \(status.suffix(after: "wrong: ") ?? status)."
    }
  }

  /// What is said of each kernel in a group, the fastest first, at the measured sparsity nearest to 90 %, or over all
  /// that were found; nil where no kernel was compared with dense.
  private func clauses(of group: LayerGroup) -> (place: String, kernels: [String])? {
    let summary = report.summary
    let rows = summary.rows.filter { $0.group == group.title }
    let columns = rows.flatMap { $0.speedups.indices }.uniqued.filter { column in
      rows.contains { $0.speedups[column] != nil }
    }
    func distance(_ column: Int) -> Double { summary.sparsities.isEmpty ? 0 : abs(summary.sparsities[column] - 0.9) }
    guard let column = columns.min(by: { distance($0) < distance($1) }) else { return nil }
    let place =
      summary.sparsities.isEmpty
      ? "at the sparsities found" : "at \(NumberText.percent(summary.sparsities[column])) sparsity"
    let measured = rows.compactMap { row in row.speedups[column].map { (row: row, speedup: $0) } }
    return (
      place,
      measured.sorted { $0.speedup > $1.speedup }.map { row, speedup in
        "\(row.kernel) is \(NumberText.times(speedup)) as fast as dense"
          + (row.breakEven.clause.map { " and \($0)" } ?? "")
      }
    )
  }
}

extension Summary.BreakEven {
  /// What a sentence says of a kernel; nil where nothing is known.
  fileprivate var clause: String? {
    switch self {
    case .at: "wins from \(text) on"
    case .below(let sparsity): "wins already at \(NumberText.percent(sparsity)), the lowest measured"
    case .above(let sparsity): "does not win even at \(NumberText.percent(sparsity)), the highest measured"
    case .unknown: nil
    }
  }
}

extension String {
  fileprivate func suffix(after start: String) -> String? {
    hasPrefix(start) ? String(dropFirst(start.count)) : nil
  }
}
