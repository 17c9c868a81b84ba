extension LinePlot {
  /// The plot as an `svg` element.
  ///
  /// - Parameters:
  ///   - id: unique within its document.
  ///   - style: rules for a picture that stands alone; nil within a page, which has them.
  package func svg(id: String, style: String? = nil) -> Markup {
    let frame = PlotFrame(self)
    let (width, height) = (SVGNumber.text(frame.width), SVGNumber.text(frame.height))
    let standalone =
      style.map { rules in
        [Markup.style(rules), .element("rect", ["class": "surface", "width": width, "height": height, "rx": "6"])]
      } ?? []
    let contents =
      [
        .element("title", ["id": "\(id)-title"], [Markup(title)]),
        .element("desc", ["id": "\(id)-desc"], [Markup(description)]),
      ] + standalone + [heading(frame), axes(frame)] + references.indices.map { reference($0, frame) }
      + series.map { drawn($0, frame) } + [labels(frame)]
    return .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": size == .large ? "plot large" : "plot",
        "viewBox": "0 0 \(width) \(height)", "width": width, "height": height, "role": "img",
        "aria-labelledby": "\(id)-title \(id)-desc",
      ], contents)
  }

  private func heading(_ frame: PlotFrame) -> Markup {
    Markup([
      .text(PlotFrame.fitted(title, width: frame.width - 50), x: 8, y: 20, style: "title"),
      .text(yTitle, x: 8, y: 39, style: "axis"),
      .text(xTitle, x: (frame.left + frame.right) / 2, y: frame.height - 8, style: "axis middle"),
    ])
  }

  private func axes(_ frame: PlotFrame) -> Markup {
    var parts: [Markup] = []
    for tick in yScale.ticks {
      let y = frame.y(tick.value)
      parts.append(.line(frame.left, y, frame.right, y, style: "grid"))
      parts.append(.text(tick.label, x: frame.left - 6, y: y + 4, style: "tick end"))
    }
    var labelEnd = -Double.infinity
    for tick in xScale.ticks {
      let x = frame.x(tick.value)
      let halfWidth = PlotFrame.textWidth(tick.label) / 2
      parts.append(.line(x, frame.bottom, x, frame.bottom + 4, style: "rule"))
      if x - halfWidth < labelEnd + 4 { continue }
      parts.append(.text(tick.label, x: x, y: frame.bottom + 17, style: "tick middle"))
      labelEnd = x + halfWidth
    }
    parts.append(.line(frame.left, frame.bottom, frame.right, frame.bottom, style: "rule"))
    return Markup(parts)
  }

  /// A line of reference. Its label is at its right end, above it, or below where the next line leaves no room.
  private func reference(_ index: Int, _ frame: PlotFrame) -> Markup {
    let reference = references[index]
    let y = frame.y(reference.y)
    let line = Markup.line(frame.left, y, frame.right, y, style: "reference")
    if reference.isNamed { return line }
    let isCrowded = references.contains { $0.y > reference.y && y - frame.y($0.y) < 20 }
    return Markup([line, .text(reference.label, x: frame.right - 4, y: isCrowded ? y + 14 : y - 5, style: "note end")])
  }

  private func drawn(_ series: Series, _ frame: PlotFrame) -> Markup {
    let marks = series.markedPoints.map { point in
      series.style.marker.markup(
        x: frame.x(point.x), y: frame.y(point.y),
        contents: [.element("title", [:], ["\(series.name), \(point.note)"])])
    }
    return .element("g", ["class": series.style.className], path(of: series, frame) + marks)
  }

  private func path(of series: Series, _ frame: PlotFrame) -> [Markup] {
    let ends: [(x: Double, y: Double)]
    switch series.path {
    case .none: return []
    case .connected, .dashed: ends = series.points.map { ($0.x, $0.y) }
    case .fit(let fit):
      let last = series.points.map(\.x).max() ?? 0
      // Where the line would be below the axis it is not drawn.
      let crossing = fit.intercept < 0 && fit.slope > 0 ? -fit.intercept / fit.slope : 0
      if crossing >= last { return [] }
      ends = [(crossing, max(0, fit.value(at: crossing))), (last, max(0, fit.value(at: last)))]
    }
    if ends.count < 2 { return [] }
    let points = ends.map { SVGNumber.text(frame.x($0.x)) + " " + SVGNumber.text(frame.y($0.y)) }
    let shape = "M" + points.joined(separator: "L")
    return [
      series.path.isDashed
        ? .element("path", ["class": "line", "stroke-dasharray": "5 4", "d": shape])
        : .element("path", ["class": "line", "d": shape])
    ]
  }

  /// The names at the right, each beside its last point, or its line, as far as the others leave room.
  private func labels(_ frame: PlotFrame) -> Markup {
    var labels = series.filter(\.isNamed).compactMap { series in
      series.points.max { $0.x < $1.x }.map { end in
        Label(text: series.name, style: series.style, x: frame.x(end.x) + 7, y: frame.y(end.y))
      }
    }
    labels += references.filter(\.isNamed).map {
      Label(text: $0.label, style: nil, x: frame.right, y: frame.y($0.y))
    }
    let places = PlotFrame.spread(labels.map(\.y), gap: 17, within: (frame.top + 4)...(frame.bottom - 4))
    return Markup(zip(labels, places).map { $0.markup(at: $1, frame) })
  }
}

/// A name at the right of a plot, tied to the place that it names.
private struct Label {
  let text: String
  /// Of a series; nil for a line of reference.
  let style: SeriesStyle?
  let x: Double
  let y: Double

  func markup(at place: Double, _ frame: PlotFrame) -> Markup {
    let start = frame.right + 14
    let leader = Markup.line(x, y, start - 7, place, style: "leader")
    let mark = style.map { [leader, $0.marker.markup(x: start, y: place)] } ?? [leader]
    let name = PlotFrame.fitted(text, width: frame.width - start - 10)
    return Markup([
      .element("g", ["class": style?.className ?? "plain"], mark),
      .text(name, x: style == nil ? start - 3 : start + 9, y: place + 4, style: "label"),
    ])
  }
}

extension Markup {
  fileprivate static func text(_ text: String, x: Double, y: Double, style: String) -> Markup {
    .element("text", ["class": style, "x": SVGNumber.text(x), "y": SVGNumber.text(y)], [Markup(text)])
  }

  fileprivate static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) -> Markup {
    .element(
      "line",
      [
        "class": style, "x1": SVGNumber.text(x1), "y1": SVGNumber.text(y1), "x2": SVGNumber.text(x2),
        "y2": SVGNumber.text(y2),
      ])
  }
}
