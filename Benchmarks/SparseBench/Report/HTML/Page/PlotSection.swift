import HTMLReport

/// The plots, each kind with a sentence on how to read it.
struct PlotSection {
  let report: BenchReport

  var markup: Markup {
    .section("plots", title: "Plots", curves + [.subheading("Time against the number of nonzeros")] + times)
  }

  private var curves: [Markup] {
    let plots = SparsityPlots(report: report)
    let groups = report.groups
    if let absence = plots.absence { return [.subheading("Against sparsity"), .paragraph(Markup(absence))] }
    func size(_ index: Int) -> LinePlot.Size { index == 0 ? .large : .small }
    let speedups = groups.indices.compactMap { plots.speedups(of: groups[$0], size: size($0)) }
    return [
      .subheading("Speed-up over dense"),
      speedups.isEmpty
        ? .paragraph("There is no speed-up to draw: it takes dense and another kernel on two sparsities.")
        : .paragraph(
          """
          Above the dashed line a kernel is faster than dense. \(pointMeaning) \(spacingMeaning)
          """),
      .figures(speedups, id: "speedup"),
      .subheading("Rate on the nonzeros"),
      .paragraph(
        """
        Operations with nonzero weights only, two for each multiply-add, against what one core can do at most \
        (dashed): multiply-adds between registers, and with an operand from the first-level cache. \
        Dense kernels fall since they multiply zeros too, which do not count here. \(pointMeaning) \
        \(threads > 1 ? "This run had \(threads) threads, the ceilings are those of one." : "")
        """),
      .figures(groups.indices.compactMap { plots.rates(of: groups[$0], size: size($0)) }, id: "rate"),
      .subheading("Memory of the weights"),
      .paragraph(
        """
        What a kernel keeps of the weights, beside CSR with 32-bit indices and the dense tensor of float32 (dashed, \
        4 bytes each); under that line pruning saves memory.
        """),
      .figures(groups.prefix(1).compactMap { plots.weightBytes(of: $0) }, id: "bytes"),
    ]
  }

  private var threads: Int { report.environment.threads }

  /// Without a nonzero there is no logarithm, see ``PlotScale/sparsity(_:)``.
  private var spacingMeaning: String {
    report.results.contains { $0.sparsity == 1 }
      ? ""
      : """
      Sparsities are spaced by the logarithm of the share that is kept: half as many nonzeros are one step, everywhere.
      """
  }

  private var pointMeaning: String {
    report.sparsities.isEmpty
      ? "Each point is one layer, at the sparsity found in it."
      : "Each point is the geometric mean over the group's layers."
  }

  private var times: [Markup] {
    let plots = TimePlots(report: report)
    let drawn = report.layers.compactMap { plots.plot(of: $0) }
    if drawn.isEmpty {
      return [.paragraph("There is no line to fit: that takes a layer with two different numbers of nonzeros.")]
    }
    let table = MarkupTable(
      caption: "Fitted lines: time = intercept + slope x nonzeros",
      header: ["layer", "kernel", "slope, ns per nonzero", "intercept, ms", "R\u{B2}", "points"],
      blocks: report.layers.map { layer in
        MarkupTable.Block(heading: layer.title, rows: plots.lines(of: layer).map(\.cells))
      }.filter { !$0.rows.isEmpty })
    return [
      .paragraph(
        """
        Points are medians, lines the least-squares fit. A kernel that skips zeros takes the intercept, the time it needs \
        even without a nonzero, and for each nonzero weight the slope, its cost over all output pixels. Where its line is \
        under dense's, it wins; an intercept below 0 says that the points bend. R\u{B2} is the share of the variation that \
        the line explains. Dense kernels have a line in the plots only: their time does not depend on the nonzeros.
        """),
      .figures(drawn, id: "time"),
    ] + (table.isEmpty ? [] : [table.markup])
  }
}
