/// Columns of text, aligned: the first ones to the left, the others to the right.
package struct TextTable {
  private var rows: [[String]]
  private let leftAlignedCount: Int

  package init(header: [String], leftAlignedCount: Int) {
    rows = [header]
    self.leftAlignedCount = leftAlignedCount
  }

  /// - Precondition: as many cells as the header has.
  package mutating func append(_ cells: [String]) {
    precondition(cells.count == rows[0].count, "TextTable: \(cells.count) cells, expected \(rows[0].count)")
    rows.append(cells)
  }

  /// The lines, the header underlined.
  package var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let fill = String(repeating: " ", count: widths[column] - cell.count)
        return column < leftAlignedCount ? cell + fill : fill + cell
      }
      return cells.joined(separator: "  ").trimmingSuffix(while: { $0 == " " })
    }
    lines.insert(String(repeating: "-", count: widths.reduce(0, +) + 2 * (widths.count - 1)), at: 1)
    return lines.joined(separator: "\n")
  }
}

extension String {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, predicate(last) { text.removeLast() }
    return String(text)
  }
}
