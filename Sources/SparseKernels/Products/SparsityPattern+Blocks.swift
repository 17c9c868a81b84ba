import TensorCore

extension SparsityPattern {
  /// The pattern of a range of rows.
  func rows(_ range: Range<Int>) -> SparsityPattern {
    let first = rowOffsets[range.lowerBound]
    return SparsityPattern(
      uncheckedRows: range.count, columns: columns,
      rowOffsets: rowOffsets[range.lowerBound...range.upperBound].map { $0 - first },
      columnIndices: Array(columnIndices[Int(first)..<Int(rowOffsets[range.upperBound])]))
  }

  /// Cuts the rows into at most `count` ranges with about as many entries each; none is empty of rows. A row counts
  /// as one entry more than it has, so that empty rows, which cost a store, are spread too.
  ///
  /// Depends on the pattern alone, so that sums do not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - mostRows: rows of a block at most, a multiple of `multipleOf`; where it binds there are more than `count` blocks.
  ///   - multipleOf: what the rows of every block are a multiple of, as all rows are.
  func balancedRowBlocks(count: Int, mostRows: Int = .max, multipleOf multiple: Int = 1) -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    var start = 0
    let total = nnz + rows
    for row in stride(from: multiple - 1, to: rows, by: multiple) {
      let weight = Int(rowOffsets[row + 1]) + row + 1
      if weight * count >= (blocks.count + 1) * total || row + 1 - start == mostRows {
        blocks.append(start..<row + 1)
        start = row + 1
      }
    }
    if start < rows { blocks.append(start..<rows) }
    return blocks
  }
}
