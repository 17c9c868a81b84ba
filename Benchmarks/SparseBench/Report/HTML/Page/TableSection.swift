import HTMLReport

/// Every result: the tables that the terminal shows, and how to read them.
struct TableSection {
  let report: BenchReport

  var markup: Markup {
    let tables = report.layers.flatMap { layer -> [Markup] in
      let table = LayerTable(layer)
      let blocks = table.blocks.map { MarkupTable.Block(heading: $0.sparsity, rows: $0.rows) }
      let markup = MarkupTable(
        caption: table.title, detail: layer.notation == layer.title ? "" : table.detail, header: LayerTable.header,
        blocks: blocks
      ).markup
      return [markup] + (table.notes.isEmpty ? [] : [.list(table.notes.map { Markup($0) })])
    }
    return .section(
      "tables", title: "All results", tables.isEmpty ? [.paragraph("Nothing was measured.")] : [notes] + tables)
  }

  private var notes: Markup {
    .list([
      """
      median ms: the middle of the samples of one call, everything between NCHW in and NCHW out, or the gradients of the \
      stored weights; packing the weights is not in it. +- is the median absolute deviation.
      """,
      """
      nonzero GFLOP/s counts 2 x nonzeros x output pixels, the work that is there; dense-eq. GFLOP/s counts zeros too, \
      the work that a dense kernel does.
      """,
      """
      vs dense is the ratio of the medians of the same case, measured in turns; ~ says that the difference is within \
      both deviations, so that there is none to speak of.
      """,
      """
      weight KiB is what the kernel keeps of the weights, scratch KiB its working memory. A dash was not measured; the \
      reason is under the table.
      """,
    ])
  }
}
