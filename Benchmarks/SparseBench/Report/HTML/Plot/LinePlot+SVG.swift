extension LinePlot {
  /// The plot as an `svg` element.
  ///
  /// - Parameters:
  ///   - id: unique within its document.
  ///   - style: rules for a picture that stands alone; nil within a page, which has them.
  func svg(id: String, style: String? = nil) -> Markup {
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

  /// A line of reference; its label is above it, or below where the next line leaves no room.
  private func reference(_ index: Int, _ frame: PlotFrame) -> Markup {
    let reference = references[index]
    let y = frame.y(reference.y)
    let isCrowded = references.contains { other in
      other.y > reference.y && y - frame.y(other.y) < 16 && other.isLabelLeft == reference.isLabelLeft
    }
    let x = reference.isLabelLeft ? frame.left + 5 : frame.right - 4
    return Markup([
      .line(frame.left, y, frame.right, y, style: "reference"),
      .text(
        reference.label, x: x, y: isCrowded ? y + 14 : y - 5, style: reference.isLabelLeft ? "note" : "note end"),
    ])
  }

  private func drawn(_ series: Series, _ frame: PlotFrame) -> Markup {
    let marks = series.points.map { point in
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
    case .connected: ends = series.points.map { ($0.x, $0.y) }
    case .fit(let fit):
      let last = series.points.map(\.x).max() ?? 0
      // Where the line would be below the axis it is not drawn.
      let crossing = fit.intercept < 0 && fit.slope > 0 ? -fit.intercept / fit.slope : 0
      if crossing >= last { return [] }
      ends = [(crossing, max(0, fit.value(at: crossing))), (last, max(0, fit.value(at: last)))]
    }
    if ends.count < 2 { return [] }
    let points = ends.map { SVGNumber.text(frame.x($0.x)) + " " + SVGNumber.text(frame.y($0.y)) }
    return [.element("path", ["class": "line", "d": "M" + points.joined(separator: "L")])]
  }

  /// Each series' marker and name at the right, beside its last point as far as the others leave room.
  private func labels(_ frame: PlotFrame) -> Markup {
    let ends: [(series: Series, point: Point)] = series.compactMap { series in
      series.points.max { $0.x < $1.x }.map { (series, $0) }
    }
    let places = PlotFrame.spread(
      ends.map { frame.y($0.point.y) }, gap: 17, within: (frame.top + 4)...(frame.bottom - 4))
    return Markup(zip(ends, places).map { end, place in label(end.series, beside: end.point, at: place, frame) })
  }

  private func label(_ series: Series, beside point: Point, at y: Double, _ frame: PlotFrame) -> Markup {
    let x = frame.right + 14
    let leader = Markup.line(frame.x(point.x) + 7, frame.y(point.y), x - 7, y, style: "leader")
    return Markup([
      .element("g", ["class": series.style.className], [leader, series.style.marker.markup(x: x, y: y)]),
      .text(PlotFrame.fitted(series.name, width: frame.width - x - 10), x: x + 9, y: y + 4, style: "label"),
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
