/// A table of blocks, each of which has a heading at its left beside all of its rows.
package struct MarkupTable {
  /// Rows that belong together.
  package struct Block {
    package let heading: String
    package let rows: [[String]]

    package init(heading: String, rows: [[String]]) {
      self.heading = heading
      self.rows = rows
    }
  }

  let caption: String
  /// Said after the caption, less loud.
  let detail: String
  /// The block heading's title, the row heading's, then those of the numbers.
  let header: [String]
  let blocks: [Block]

  /// - Parameters:
  ///   - detail: said after the caption, less loud.
  ///   - header: one title for the blocks, one for the rows, then those of the numbers.
  package init(caption: String, detail: String = "", header: [String], blocks: [Block]) {
    self.caption = caption
    self.detail = detail
    self.header = header
    self.blocks = blocks
  }

  package var isEmpty: Bool { blocks.isEmpty }

  package var markup: Markup {
    let head = Markup.element(
      "thead",
      contents: [
        .element(
          "tr",
          contents: header.enumerated().map { index, title in
            .element(
              "th", ["scope": "col", "class": index == 0 ? "group" : index == 1 ? "word" : "number"], [Markup(title)])
          })
      ])
    let bodies = blocks.map { block in
      Markup.element("tbody", contents: block.rows.enumerated().map { row($1, heading: $0 == 0 ? block : nil) })
    }
    let detail = Markup.element("span", ["class": "detail"], [Markup(self.detail)])
    let caption = Markup.element(
      "caption", contents: [Markup(self.caption)] + (self.detail.isEmpty ? [] : [" ", detail]))
    return .scrolling(self.caption, .element("table", contents: [caption, head] + bodies))
  }

  private func row(_ cells: [String], heading block: Block?) -> Markup {
    let heading = block.map { block in
      Markup.element(
        "th", ["scope": "rowgroup", "rowspan": "\(block.rows.count)", "class": "group"], [Markup(block.heading)])
    }
    let kernel = Markup.element("th", ["scope": "row", "class": "word"], cells.prefix(1).map { Markup($0) })
    let numbers = cells.dropFirst().map { Markup.element("td", contents: [Markup($0)]) }
    return .element("tr", contents: [heading, kernel].compactMap { $0 } + numbers)
  }
}
