import HTMLReport

/// The plot of speed-up against sparsity as a picture of its own, with both of its themes inside.
package enum StandalonePlot {
  package static func text(_ report: BenchReport) -> String {
    let plots = SparsityPlots(report: report)
    let plot = report.groups.first.flatMap { plots.speedups(of: $0, size: .large) }
    let style = PlotStyle.colours + "\n" + PlotStyle.rules
    return (plot?.svg(id: "speedup", style: style) ?? absence(plots.absence, style: style)).source + "\n"
  }

  /// A picture that says why there is none.
  private static func absence(_ reason: String?, style: String) -> Markup {
    let reason = reason ?? "There is no speed-up to draw: it takes dense and another kernel on two sparsities."
    return .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "plot", "viewBox": "0 0 760 60", "width": "760", "height": "60",
        "role": "img",
      ],
      [
        .style(style), .element("rect", ["class": "surface", "width": "760", "height": "60", "rx": "6"]),
        .element("text", ["x": "16", "y": "34"], [Markup(reason)]),
      ])
  }
}
