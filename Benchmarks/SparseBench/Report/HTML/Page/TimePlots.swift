import Foundation
import HTMLReport
import SparseKernels

/// Time against the number of nonzeros, layer by layer, with a straight line for each kernel.
struct TimePlots {
  /// A kernel's line on a layer.
  struct Line {
    let kernel: String
    let pointCount: Int
    let fit: LinearFit
  }

  let report: BenchReport

  /// The plot of a layer; nil where there are not two numbers of nonzeros.
  func plot(of layer: LayerReport) -> LinePlot? {
    let lines = lines(of: layer, includingDense: true)
    if lines.isEmpty { return nil }
    let series = lines.map { line in
      LinePlot.Series(
        name: line.kernel, style: SeriesStyle(kernel: line.kernel, others: report.kernelNames),
        points: results(of: layer, kernel: line.kernel).map { nnz, seconds in
          LinePlot.Point(x: nnz, y: seconds * 1e3, note: "\(Int(nnz)) nonzeros: \(NumberText.milliseconds(seconds)) ms")
        },
        path: .fit(Self.inMilliseconds(line.fit)))
    }
    let points = series.flatMap(\.points)
    let largestX = points.map(\.x).max() ?? 0
    let fitEnds = lines.map { Self.inMilliseconds($0.fit) }.flatMap { [$0.value(at: 0), $0.value(at: largestX)] }
    return LinePlot(
      title: layer.title, xTitle: "nonzero weights", yTitle: "time per call (ms)",
      xScale: .linear(upTo: largestX, tickCount: 4, label: PlotScale.countLabel),
      yScale: .linear(upTo: (points.map(\.y) + fitEnds).max() ?? 0), series: series)
  }

  /// The lines of the kernels that skip zeros; those that do not have no slope to speak of.
  func lines(of layer: LayerReport, includingDense: Bool = false) -> [Line] {
    layer.results.map(\.kernel).uniqued.filter {
      includingDense || !DenseBaselines.kernelNames.contains($0)
    }.compactMap { kernel in
      let points = results(of: layer, kernel: kernel)
      return LinearFit(points.map { ($0.nnz, $0.seconds) }).map {
        Line(kernel: kernel, pointCount: points.count, fit: $0)
      }
    }
  }

  private func results(of layer: LayerReport, kernel: String) -> [(nnz: Double, seconds: Double)] {
    layer.results.filter { $0.kernel == kernel }.compactMap { result in
      result.timing.map { (Double(result.nnz), $0.statistics.median) }
    }
  }

  private static func inMilliseconds(_ fit: LinearFit) -> LinearFit {
    LinearFit(slope: fit.slope * 1e3, intercept: fit.intercept * 1e3, rSquared: fit.rSquared)
  }
}

extension TimePlots.Line {
  /// The cells of a table's row: kernel, nanoseconds per nonzero, milliseconds at none, R squared, points.
  var cells: [String] {
    [
      kernel, NumberText.threeDigits(fit.slope * 1e9), NumberText.milliseconds(fit.intercept),
      fit.rSquared.map { String(format: "%.4f", $0) } ?? "-", "\(pointCount)",
    ]
  }
}
