import HTMLReport

/// Curves over the epochs, each record a series that looks the same in every plot.
struct EpochPlots {
  let records: [TrainingRecord]

  var markup: Markup {
    let plots = [accuracy, loss].compactMap { $0 } + [sparsity, rate, learningRate].compactMap { $0 }
    if plots.isEmpty { return .section("plots", title: "Plots", [.paragraph("There is no epoch to draw.")]) }
    return .section(
      "plots", title: "Plots",
      [
        .paragraph(
          "Each point is an epoch. In the plot of losses the solid line is of test images, the dashed one of training images."
        ),
        .figures(plots, id: "epochs"),
      ])
  }

  var accuracy: LinePlot? {
    let series = series(\.testAccuracy, scaledBy: 100) { MetricText.accuracy($0) }
    return plot("Test accuracy", "test images classified rightly (%)", series, size: .large) { .linear(covering: $0) }
  }

  var loss: LinePlot? {
    let test = series(\.testLoss) { MetricText.loss($0) }
    let train = zip(series(\.trainLoss) { MetricText.loss($0) }, test).map { series, test in
      LinePlot.Series(
        name: "\(series.name), training", style: series.style, points: series.points, path: .dashed,
        isNamed: test.points.isEmpty, markerStride: series.points.count == 1 ? 1 : 0)
    }
    return plot("Loss", "loss of test and training images", train + test, size: .large, scale: Self.scale)
  }

  var sparsity: LinePlot? {
    let series = series(\.sparsity, scaledBy: 100) { MetricText.sparsity($0) }
    return plot("Sparsity", "zeros in the pruned layers (%)", series) { .linear(upTo: $0.max() ?? 0) }
  }

  var rate: LinePlot? {
    let series = series(\.imagesPerSecond) { "\(MetricText.rate($0)) images/s" }
    return plot("Speed of training", "images per second", series) {
      .linear(upTo: $0.max() ?? 0, label: PlotScale.countLabel)
    }
  }

  var learningRate: LinePlot? {
    let series = series(\.learningRate) { MetricText.learningRate($0) }
    return plot("Learning rate", "learning rate at the epoch's end", series, scale: Self.scale)
  }

  /// Linear from 0, or from the least if that is negative; logarithmic where the least would be a hair above the axis.
  private static func scale(_ values: [Double]) -> PlotScale {
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    if least < 0 { return .linear(covering: values) }
    return least > 0 && greatest > 30 * least ? .logarithmic(covering: values) : .linear(upTo: greatest)
  }

  /// A series for each record; points are the finite values.
  private func series(
    _ value: (EpochMetrics) -> Double, scaledBy factor: Double = 1, text: (Double) -> String
  ) -> [LinePlot.Series] {
    records.enumerated().map { index, record in
      let points = record.epochs.compactMap { epoch -> LinePlot.Point? in
        let y = value(epoch)
        guard y.isFinite, abs(y) < Self.largest else { return nil }
        return LinePlot.Point(x: Double(epoch.epoch), y: y * factor, note: "epoch \(epoch.epoch): \(text(y))")
      }
      return LinePlot.Series(
        name: record.name, style: SeriesStyle(index: records.count == 1 ? 3 : index), points: points,
        markerStride: (points.count + Self.markerCount - 1) / Self.markerCount)
    }
  }

  /// More markers than these on a line of a small plot would hide it.
  private static let markerCount = 12
  /// What exceeds this says only that training failed; coordinates have no digits for it.
  private static let largest = 1e30

  /// Nil where no record has a point.
  private func plot(
    _ title: String, _ yTitle: String, _ series: [LinePlot.Series], size: LinePlot.Size = .small,
    scale: (_ values: [Double]) -> PlotScale
  ) -> LinePlot? {
    let drawn = series.filter { !$0.points.isEmpty }
    let points = drawn.flatMap(\.points)
    guard let first = points.map(\.x).min(), let last = points.map(\.x).max() else { return nil }
    return LinePlot(
      title: title, xTitle: "epoch", yTitle: yTitle,
      xScale: .counting(from: first, through: last, tickCount: size == .large ? 10 : 5),
      yScale: scale(points.map(\.y)), series: drawn, size: size)
  }
}
