// The parts that pages have alike.
extension Markup {
  /// Links to the sections of a page.
  package static func contents(_ sections: KeyValuePairs<String, String>) -> Markup {
    .element(
      "nav", ["aria-label": "Contents"],
      sections.map { id, title in .element("a", ["href": "#\(id)"], [Markup(title)]) })
  }

  /// Names and what they are, beside each other.
  ///
  /// - Parameter isText: whether what they are is text rather than numbers.
  package static func facts(_ caption: String, _ rows: [(String, String)], isText: Bool) -> Markup {
    let rows = rows.map { name, value in
      Markup.element(
        "tr",
        contents: [
          .element("th", ["scope": "row", "class": "word"], [Markup(name)]), .element("td", contents: [Markup(value)]),
        ])
    }
    return .element(
      "table", ["class": isText ? "facts words" : "facts"],
      [.element("caption", contents: [Markup(caption)]), .element("tbody", contents: rows)])
  }

  /// Parts side by side as far as the window is wide enough.
  package static func columns(_ parts: [Markup]) -> Markup { .element("div", ["class": "columns"], parts) }

  /// Plots, large ones in a row each.
  ///
  /// - Parameter id: where the identifiers of the plots begin.
  package static func figures(_ plots: [LinePlot], id: String) -> Markup {
    let figures = plots.enumerated().map { index, plot in
      let drawing = plot.svg(id: "\(id)-\(index)")
      return plot.size == .large
        ? Markup.element("figure", ["class": "large"], [.scrolling(plot.title, drawing)])
        : Markup.element("figure", ["class": "small scroll"], [drawing])
    }
    return figures.isEmpty ? Markup([]) : .element("div", ["class": "figures"], figures)
  }
}
