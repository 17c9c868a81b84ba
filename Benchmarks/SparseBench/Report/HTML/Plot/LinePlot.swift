/// A plot of several series over one pair of axes, drawn as SVG: direct labels at the right, lines of reference with
/// their names, and every number again in the text for those who do not see it.
struct LinePlot {
  struct Point {
    let x: Double
    let y: Double
    /// Both values as a person reads them.
    let note: String
  }

  struct Series {
    let name: String
    let style: SeriesStyle
    let points: [Point]
    var path = Path.connected
  }

  /// What is drawn beside the points.
  enum Path {
    case connected
    case fit(LinearFit)
    case none
  }

  /// A horizontal line that the series are compared with.
  struct Reference {
    let y: Double
    let label: String
    /// Whether the label stands among the series' names or on the line.
    var isNamed = false
  }

  enum Size {
    case large
    case small
  }

  let title: String
  let xTitle: String
  let yTitle: String
  let xScale: PlotScale
  let yScale: PlotScale
  let series: [Series]
  var references: [Reference] = []
  var size = Size.small

  /// The plot in words: every point of every series.
  var description: String {
    let lines = series.map { series in
      "\(series.name): " + series.points.map(\.note).joined(separator: "; ") + "."
    }
    let references = references.map { "A line marks \($0.label)." }
    return (["\(yTitle) against \(xTitle)."] + references + lines).joined(separator: " ")
  }
}
