/// A plot of several series over one pair of axes, drawn as SVG: direct labels at the right, lines of reference with
/// their names, and every number again in the text for those who do not see it.
package struct LinePlot {
  package struct Point {
    package let x: Double
    package let y: Double
    /// Both values as a person reads them.
    package let note: String

    package init(x: Double, y: Double, note: String) {
      self.x = x
      self.y = y
      self.note = note
    }
  }

  package struct Series {
    package let name: String
    package let style: SeriesStyle
    /// Values are finite.
    package let points: [Point]
    package let path: Path
    /// Whether the name stands at the line's end.
    package let isNamed: Bool
    /// Of how many points one has a marker, counted from the last: 1 for all, 0 for none.
    package let markerStride: Int

    package init(
      name: String, style: SeriesStyle, points: [Point], path: Path = .connected, isNamed: Bool = true,
      markerStride: Int = 1
    ) {
      self.name = name
      self.style = style
      self.points = points
      self.path = path
      self.isNamed = isNamed
      self.markerStride = markerStride
    }

    var markedPoints: [Point] {
      if markerStride == 0 { return [] }
      return points.indices.filter { (points.count - 1 - $0).isMultiple(of: markerStride) }.map { points[$0] }
    }
  }

  /// What is drawn beside the points.
  package enum Path {
    case connected
    case dashed
    case fit(LinearFit)
    case none

    var isDashed: Bool { if case .dashed = self { true } else { false } }
  }

  /// A horizontal line that the series are compared with.
  package struct Reference {
    package let y: Double
    package let label: String
    /// Whether the label stands among the series' names or on the line.
    package let isNamed: Bool

    package init(y: Double, label: String, isNamed: Bool = false) {
      self.y = y
      self.label = label
      self.isNamed = isNamed
    }
  }

  package enum Size {
    case large
    case small
  }

  package let title: String
  package let xTitle: String
  package let yTitle: String
  package let xScale: PlotScale
  package let yScale: PlotScale
  package let series: [Series]
  package let references: [Reference]
  package let size: Size

  package init(
    title: String, xTitle: String, yTitle: String, xScale: PlotScale, yScale: PlotScale, series: [Series],
    references: [Reference] = [], size: Size = .small
  ) {
    self.title = title
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.xScale = xScale
    self.yScale = yScale
    self.series = series
    self.references = references
    self.size = size
  }

  /// The plot in words: every point of every series.
  package var description: String {
    let lines = series.map { series in
      "\(series.name): " + series.points.map(\.note).joined(separator: "; ") + "."
    }
    let references = references.map { "A line marks \($0.label)." }
    return (["\(yTitle) against \(xTitle)."] + references + lines).joined(separator: " ")
  }
}
