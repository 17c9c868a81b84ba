/// Which positions of a matrix are stored: compressed sparse rows without the values.
///
/// Row `r` stores the columns `columnIndices[rowOffsets[r] ..< rowOffsets[r + 1]]`, strictly increasing. Offsets and
/// indices are `Int32`, so a pattern holds fewer than `Int32.max` entries, rows and columns; a larger one is refused.
public struct SparsityPattern: Hashable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// Where each row starts in `columnIndices`; `rows + 1` elements, the first 0 and the last `nnz`.
  public let rowOffsets: [Int32]
  /// The stored columns, row after row; `nnz` elements, strictly increasing within a row.
  public let columnIndices: [Int32]

  /// Creates a pattern from arrays that come from outside, checking every invariant.
  ///
  /// - Complexity: O(rows + nnz).
  /// - Throws: ``SparseMatrixError`` naming the array, the place and what was expected there.
  public init(
    rows: Int, columns: Int, rowOffsets: [Int32], columnIndices: [Int32]
  ) throws(SparseMatrixError) {
    self.rows = rows
    self.columns = columns
    self.rowOffsets = rowOffsets
    self.columnIndices = columnIndices
    try checkInvariants()
  }

  /// Creates a pattern from arrays that are right by construction; checked in debug builds only.
  package init(uncheckedRows rows: Int, columns: Int, rowOffsets: [Int32], columnIndices: [Int32]) {
    self.rows = rows
    self.columns = columns
    self.rowOffsets = rowOffsets
    self.columnIndices = columnIndices
    assert(invariantViolation == nil, "\(String(describing: invariantViolation))")
  }

  /// Creates the pattern of the `true` elements of a row-major mask (`true` = kept).
  ///
  /// - Precondition: `mask.count == rows * columns`.
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(mask: [Bool], rows: Int, columns: Int) throws(SparseMatrixError) {
    precondition(mask.count == rows * columns, "SparsityPattern: \(mask.count) flags for \(rows) x \(columns)")
    try Self.checkExtents(rows: rows, columns: columns, nnz: 0)
    var offsets: [Int32] = [0]
    var indices: [Int32] = []
    for row in 0..<rows {
      for column in 0..<columns where mask[row * columns + column] {
        indices.append(Int32(column))
      }
      try Self.checkExtents(rows: rows, columns: columns, nnz: indices.count)
      offsets.append(Int32(indices.count))
    }
    self.init(uncheckedRows: rows, columns: columns, rowOffsets: offsets, columnIndices: indices)
  }

  /// The number of stored positions.
  public var nnz: Int { columnIndices.count }

  /// The fraction of positions that are stored, `nnz / (rows * columns)`, in 0...1 (0 for an empty matrix).
  public var density: Double {
    rows == 0 || columns == 0 ? 0 : Double(nnz) / (Double(rows) * Double(columns))
  }

  /// The fraction of positions that are not stored, `1 - density`.
  public var sparsity: Double { 1 - density }

  /// The positions in `columnIndices` that belong to one row.
  public func entries(ofRow row: Int) -> Range<Int> {
    Int(rowOffsets[row])..<Int(rowOffsets[row + 1])
  }

  /// The first entry of a row in a column from `column` on; the end of the row if there is none.
  ///
  /// - Complexity: O(log of the row's entries).
  package func firstEntry(ofRow row: Int, from column: Int) -> Int {
    var range = entries(ofRow: row)
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = Int(columnIndices[middle]) < column ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }

  /// The number of stored positions in each row.
  public var rowCounts: [Int] {
    (0..<rows).map { entries(ofRow: $0).count }
  }

  /// The number of stored positions in each column.
  public var columnCounts: [Int] {
    columnIndices.reduce(into: [Int](repeating: 0, count: columns)) { counts, column in counts[Int(column)] += 1 }
  }

  /// The row-major mask of this pattern: `true` where a position is stored (kept).
  public func mask() -> [Bool] {
    var mask = [Bool](repeating: false, count: rows * columns)
    for row in 0..<rows {
      for entry in entries(ofRow: row) { mask[row * columns + Int(columnIndices[entry])] = true }
    }
    return mask
  }

  /// The pattern of the transposed matrix, and for each of its entries the position of that entry in this pattern.
  ///
  /// - Complexity: O(rows + columns + nnz).
  public func transposed() -> (pattern: SparsityPattern, sourcePositions: [Int32]) {
    var offsets = [Int32](repeating: 0, count: columns + 1)
    for column in columnIndices { offsets[Int(column) + 1] += 1 }
    for column in 0..<columns { offsets[column + 1] += offsets[column] }
    var next = offsets
    var rowsOfEntries = [Int32](repeating: 0, count: nnz)
    var sourcePositions = [Int32](repeating: 0, count: nnz)
    for row in 0..<rows {
      for entry in entries(ofRow: row) {
        let column = Int(columnIndices[entry])
        let position = Int(next[column])
        next[column] += 1
        rowsOfEntries[position] = Int32(row)
        sourcePositions[position] = Int32(entry)
      }
    }
    let pattern = SparsityPattern(
      uncheckedRows: columns, columns: rows, rowOffsets: offsets, columnIndices: rowsOfEntries)
    return (pattern, sourcePositions)
  }

  /// Checks every invariant that the type states.
  ///
  /// - Throws: ``SparseMatrixError`` for the first violation.
  public func checkInvariants() throws(SparseMatrixError) {
    if let violation = invariantViolation { throw violation }
  }

  /// Refuses extents that `Int32` offsets and indices cannot hold.
  static func checkExtents(rows: Int, columns: Int, nnz: Int) throws(SparseMatrixError) {
    for (name, count) in [("rows", rows), ("columns", columns), ("nnz", nnz)] {
      if count < 0 { throw .negativeExtent(name, count: count) }
      if count >= Int(Int32.max) { throw .tooLarge(name, count: count) }
    }
  }

  private var invariantViolation: SparseMatrixError? {
    do throws(SparseMatrixError) {
      try Self.checkExtents(rows: rows, columns: columns, nnz: nnz)
    } catch {
      return error
    }
    if rowOffsets.count != rows + 1 { return .rowOffsetCount(rowOffsets.count, expected: rows + 1) }
    if rowOffsets[0] != 0 { return .firstRowOffset(Int(rowOffsets[0])) }
    if Int(rowOffsets[rows]) != nnz { return .lastRowOffset(Int(rowOffsets[rows]), expected: nnz) }
    for row in 0..<rows {
      if rowOffsets[row + 1] < rowOffsets[row] { return .decreasingRowOffset(row: row) }
      if Int(rowOffsets[row + 1]) > nnz { return .lastRowOffset(Int(rowOffsets[row + 1]), expected: nnz) }
      var previous: Int32 = -1
      for entry in entries(ofRow: row) {
        let column = columnIndices[entry]
        if column < 0 || Int(column) >= columns {
          return .columnOutOfRange(row: row, column: Int(column), columns: columns)
        }
        if column <= previous { return .columnsNotIncreasing(row: row, column: Int(column), previous: Int(previous)) }
        previous = column
      }
    }
    return nil
  }
}
