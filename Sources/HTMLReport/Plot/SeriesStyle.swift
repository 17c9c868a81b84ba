/// How a series is drawn, in every plot alike: a colour of the style sheet and a marker, so that neither is needed to
/// tell it from the others.
package struct SeriesStyle: Equatable, Sendable {
  package enum Marker: CaseIterable, Sendable {
    case square, circle, triangle, diamond, downTriangle, cross, bar
  }

  let className: String
  let marker: Marker

  static let colourCount = 7

  /// - Parameter index: the place of the series among all. The first is what the others are compared with, whose grey none of them shares.
  package init(index: Int) {
    self.init(
      className: "s\(index == 0 ? 0 : 1 + (index - 1) % (Self.colourCount - 1))",
      marker: Marker.allCases[index % (Marker.allCases.count - 1)])
  }

  /// - Parameter className: a class of ``PlotStyle/rules``.
  package init(className: String, marker: Marker) {
    self.className = className
    self.marker = marker
  }
}

extension SeriesStyle.Marker {
  /// The marker around a point.
  func markup(x: Double, y: Double, contents: [Markup] = []) -> Markup {
    func corners(_ offsets: [(Double, Double)]) -> Markup {
      let points = offsets.map { SVGNumber.text(x + $0) + " " + SVGNumber.text(y + $1) }
      return .element("path", ["class": "mark", "d": "M" + points.joined(separator: "L") + "Z"], contents)
    }
    switch self {
    case .circle:
      return .element(
        "circle", ["class": "mark", "cx": SVGNumber.text(x), "cy": SVGNumber.text(y), "r": "4.2"], contents)
    case .square: return corners([(-3.8, -3.8), (3.8, -3.8), (3.8, 3.8), (-3.8, 3.8)])
    case .triangle: return corners([(0, -5.2), (4.8, 3.6), (-4.8, 3.6)])
    case .diamond: return corners([(0, -5.4), (5.4, 0), (0, 5.4), (-5.4, 0)])
    case .downTriangle: return corners([(0, 5.2), (4.8, -3.6), (-4.8, -3.6)])
    case .cross:
      return corners([
        (-5, -2), (-2, -2), (-2, -5), (2, -5), (2, -2), (5, -2), (5, 2), (2, 2), (2, 5), (-2, 5), (-2, 2), (-5, 2),
      ])
    case .bar: return corners([(-5, -1.8), (5, -1.8), (5, 1.8), (-5, 1.8)])
    }
  }
}

/// Coordinates as short text.
enum SVGNumber {
  static func text(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    return tenths.truncatingRemainder(dividingBy: 10) == 0 ? "\(Int(tenths / 10))" : "\(tenths / 10)"
  }
}
