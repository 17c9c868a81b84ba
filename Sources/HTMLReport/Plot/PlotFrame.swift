/// Where the parts of a plot are, in the SVG's units, which are CSS pixels at full size.
struct PlotFrame {
  let width: Double
  let height: Double
  /// The rectangle of the values.
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  /// Between the rectangle's sides and the outermost values of the x axis.
  let inset = 12.0

  private let xScale: PlotScale
  private let yScale: PlotScale

  init(_ plot: LinePlot) {
    (width, height) = plot.size == .large ? (760, 430) : (380, 300)
    let tickWidth = plot.yScale.ticks.map { Self.textWidth($0.label) }.max() ?? 0
    let names = plot.series.filter(\.isNamed).map(\.name) + plot.references.filter(\.isNamed).map(\.label)
    let labelWidth = names.map(Self.textWidth).max() ?? 0
    left = max(34, tickWidth + 14)
    right = width - min(labelWidth, width / 4) - 34
    top = 54
    bottom = height - 46
    xScale = plot.xScale
    yScale = plot.yScale
  }

  func x(_ value: Double) -> Double {
    // A scale from 0 has its own room at the left: the axis is where 0 is.
    let start = xScale.spacing == .linear && xScale.domain.lowerBound == 0 ? left : left + inset
    return start + xScale.share(of: value) * (right - inset - start)
  }

  func y(_ value: Double) -> Double { bottom - yScale.share(of: value) * (bottom - top) }

  /// About how wide text of the plots' size is; fonts differ, and what is placed by this has room to spare.
  static func textWidth(_ text: String) -> Double { Double(text.count) * 6.9 }

  /// Text that fits a width.
  static func fitted(_ text: String, width: Double) -> String {
    if textWidth(text) <= width { return text }
    return text.prefix(max(1, Int(width / textWidth("x")) - 1)) + "\u{2026}"
  }

  /// Moves positions apart until neighbours are at least `gap` from each other, in their order and within the bounds
  /// as far as they have room.
  static func spread(_ positions: [Double], gap: Double, within bounds: ClosedRange<Double>) -> [Double] {
    let order = positions.indices.sorted { positions[$0] < positions[$1] }
    var spread = positions
    var least = bounds.lowerBound
    for index in order {
      spread[index] = max(spread[index], least)
      least = spread[index] + gap
    }
    var most = bounds.upperBound
    for index in order.reversed() {
      spread[index] = min(spread[index], most)
      most = spread[index] - gap
    }
    return spread
  }
}
