import HTMLReport
import SparseKernels

/// The plots whose horizontal axis is sparsity: speed-up, rate and weight memory, for groups of layers.
struct SparsityPlots {
  let report: BenchReport

  private var pass: String { report.environment.pass.titlePart }

  private static let xTitle = "sparsity (share of zeros)"

  /// Why there are none; nil where there are.
  var absence: String? {
    let measured = report.results.filter { $0.timing != nil }
    if measured.isEmpty { return "There is nothing to draw: no kernel was timed." }
    return Set(measured.map(\.sparsity)).count > 1
      ? nil : "Only one sparsity was measured, so there is no curve to draw."
  }

  /// Speed-up over dense with the line of break-even; empty where nothing could be compared.
  func speedups(of group: LayerGroup, size: LinePlot.Size = .small) -> LinePlot? {
    let series = series(of: group, text: { NumberText.ratio($0) }) { results in
      results.filter { $0.kernel != DenseConvKernel().name }.compactMap { $0.timing?.speedupOverDense }.geometricMean
    }
    return plot(
      title: size == .large ? "Speed-up over dense\(pass), \(group.description)" : group.title,
      yTitle: "speed-up over dense (times, log scale)", series: series, suffix: "x",
      references: [LinePlot.Reference(y: 1, label: "break-even", isNamed: true)], size: size)
  }

  /// Rate on the nonzeros under what one core can do at most.
  func rates(of group: LayerGroup, size: LinePlot.Size = .small) -> LinePlot? {
    let series = series(of: group, text: { NumberText.rate($0) + " GFLOP/s" }) { results in
      // Where there is no nonzero there is no rate.
      results.compactMap { $0.timing?.nonzeroGflops }.filter { $0 > 0 }.geometricMean
    }
    let ceilings = report.ceilings
    let references = [(ceilings.fmaGflops, "FMA"), (ceilings.l1FmaGflops, "FMA from L1")].map {
      LinePlot.Reference(y: $0, label: "\($1): \(NumberText.ceiling($0)) GFLOP/s")
    }
    return plot(
      title: size == .large ? "Rate on the nonzeros\(pass), \(group.description)" : group.title,
      yTitle: "GFLOP/s on the nonzeros (log scale)", series: series, references: references, size: size)
  }

  /// Bytes that the weights take, for each position of the dense tensor.
  func weightBytes(of group: LayerGroup) -> LinePlot? {
    func bytes(_ results: [BenchResult], _ count: (BenchResult) -> Int?) -> Double? {
      let counted = results.filter { count($0) != nil }
      let positions = counted.reduce(0.0) { $0 + Double($1.weightCount) }
      return positions > 0 ? counted.reduce(0.0) { $0 + Double(count($1) ?? 0) } / positions : nil
    }
    let text = { (value: Double) in "\(NumberText.threeDigits(value)) bytes" }
    let kernels = series(of: group, text: text) { bytes($0) { $0.timing?.weightByteCount } }
    let csr = LinePlot.Series(
      name: "CSR", style: .csr, points: points(of: group.results, text: text) { bytes($0, \.csrByteCount) },
      path: path)
    return plot(
      title: "Memory of the weights, \(group.description)", yTitle: "bytes per weight position (log scale)",
      series: [csr] + kernels,
      references: [LinePlot.Reference(y: 4, label: "dense tensor", isNamed: true)], size: .large)
  }

  /// Found sparsities are of different layers, which no line may join.
  private var path: LinePlot.Path { report.sparsities.isEmpty ? .none : .connected }

  private func series(
    of group: LayerGroup, text: (Double) -> String, mean: ([BenchResult]) -> Double?
  ) -> [LinePlot.Series] {
    report.kernelNames.compactMap { kernel in
      let points = points(of: group.results.filter { $0.kernel == kernel }, text: text, mean: mean)
      return points.isEmpty
        ? nil
        : LinePlot.Series(
          name: kernel, style: SeriesStyle(kernel: kernel, others: report.kernelNames), points: points, path: path)
    }
  }

  /// One point for each sparsity, or for each layer where the sparsities were found.
  private func points(
    of results: [BenchResult], text: (Double) -> String, mean: ([BenchResult]) -> Double?
  ) -> [LinePlot.Point] {
    func point(_ sparsity: Double, _ results: [BenchResult], name: String = "") -> LinePlot.Point? {
      // A logarithm has no place for 0, the bytes of no weights.
      guard let value = mean(results), value > 0, value.isFinite else { return nil }
      return LinePlot.Point(x: sparsity, y: value, note: "\(name)\(NumberText.percent(sparsity)): \(text(value))")
    }
    if report.sparsities.isEmpty {
      return results.map(\.problem).uniqued.compactMap { problem in
        let ofLayer = results.filter { $0.problem == problem }
        return ofLayer.first.flatMap { first in
          point(first.sparsity, ofLayer, name: first.name.isEmpty ? "" : "\(first.name) at ")
        }
      }
    }
    return report.sparsities.compactMap { sparsity in point(sparsity, results.filter { $0.sparsity == sparsity }) }
  }

  private func plot(
    title: String, yTitle: String, series: [LinePlot.Series], suffix: String = "", references: [LinePlot.Reference],
    size: LinePlot.Size = .small
  ) -> LinePlot? {
    let sparsities = Set(series.flatMap { $0.points.map(\.x) })
    if sparsities.count < 2 { return nil }
    return LinePlot(
      title: title, xTitle: Self.xTitle, yTitle: yTitle, xScale: .sparsity(Array(sparsities)),
      yScale: .logarithmic(
        covering: series.flatMap { $0.points.map(\.y) } + references.map(\.y), tickCount: size == .large ? 9 : 6,
        suffix: suffix),
      series: series, references: references, size: size)
  }
}

extension LayerGroup {
  /// The group in a sentence.
  var description: String {
    name == "all"
      ? "all \(NumberText.count(layerCount, "layer"))" : "\(name) (\(NumberText.count(layerCount, "layer")))"
  }
}
