/// A sparse matrix of `Float` in compressed sparse rows: a ``SparsityPattern`` and one value per stored position.
///
/// A stored value may be zero: the pattern says what is stored, not what is nonzero. Memory is 8 bytes per entry and
/// 4 bytes per row.
public struct CSRMatrix: Hashable, Sendable {
  /// The stored positions.
  public let pattern: SparsityPattern
  /// The stored values, in the order of `pattern.columnIndices`.
  public private(set) var values: [Float]

  /// Creates a matrix from a pattern and its values.
  ///
  /// - Throws: ``SparseMatrixError/valueCount(_:expected:)`` if `values.count != pattern.nnz`.
  public init(pattern: SparsityPattern, values: [Float]) throws(SparseMatrixError) {
    self.pattern = pattern
    self.values = values
    try checkInvariants()
  }

  /// Creates a matrix from compressed sparse rows that come from outside, checking every invariant.
  ///
  /// - Complexity: O(rows + nnz).
  /// - Throws: ``SparseMatrixError`` naming the array, the place and what was expected there.
  public init(
    rows: Int, columns: Int, rowOffsets: [Int32], columnIndices: [Int32], values: [Float]
  ) throws(SparseMatrixError) {
    try self.init(
      pattern: SparsityPattern(rows: rows, columns: columns, rowOffsets: rowOffsets, columnIndices: columnIndices),
      values: values)
  }

  /// Creates a matrix from parts that are right by construction; checked in debug builds only.
  package init(uncheckedPattern pattern: SparsityPattern, values: [Float]) {
    assert(pattern.nnz == values.count, "CSRMatrix: \(values.count) values for \(pattern.nnz) entries")
    self.pattern = pattern
    self.values = values
  }

  /// The number of rows.
  public var rows: Int { pattern.rows }
  /// The number of columns.
  public var columns: Int { pattern.columns }
  /// Where each row starts; `rows + 1` elements.
  public var rowOffsets: [Int32] { pattern.rowOffsets }
  /// The column of each entry, row after row.
  public var columnIndices: [Int32] { pattern.columnIndices }
  /// The number of stored entries.
  public var nnz: Int { pattern.nnz }
  /// The fraction of positions that are stored, in 0...1.
  public var density: Double { pattern.density }
  /// The fraction of positions that are not stored, `1 - density`.
  public var sparsity: Double { pattern.sparsity }

  /// The bytes that the three arrays hold.
  public var byteCount: Int {
    (rowOffsets.count + columnIndices.count) * MemoryLayout<Int32>.stride + values.count * MemoryLayout<Float>.stride
  }

  /// The same pattern with other values.
  ///
  /// - Complexity: O(1); the pattern, which is right, is not checked again.
  /// - Throws: ``SparseMatrixError/valueCount(_:expected:)`` if `newValues.count != nnz`.
  public func replacingValues(_ newValues: [Float]) throws(SparseMatrixError) -> CSRMatrix {
    if newValues.count != nnz { throw .valueCount(newValues.count, expected: nnz) }
    return CSRMatrix(uncheckedPattern: pattern, values: newValues)
  }

  /// Copies other values over these, in place unless a copy of this matrix shares them.
  ///
  /// - Throws: ``SparseMatrixError/valueCount(_:expected:)`` if `newValues.count != nnz`.
  package mutating func replaceValues(_ newValues: UnsafeBufferPointer<Float>) throws(SparseMatrixError) {
    if newValues.count != nnz { throw .valueCount(newValues.count, expected: nnz) }
    values.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: newValues) }
  }

  /// The element at a row and column: 0 where nothing is stored.
  ///
  /// - Complexity: O(log of the row's entries).
  /// - Precondition: the position is inside the matrix.
  public subscript(row: Int, column: Int) -> Float {
    precondition(
      (0..<rows).contains(row) && (0..<columns).contains(column),
      "CSRMatrix: (\(row), \(column)) is outside \(rows) x \(columns)")
    let entry = pattern.firstEntry(ofRow: row, from: column)
    let isStored = entry < Int(rowOffsets[row + 1]) && Int(columnIndices[entry]) == column
    return isStored ? values[entry] : 0
  }

  /// Checks every invariant of the pattern and that there is one value per entry.
  ///
  /// - Throws: ``SparseMatrixError`` for the first violation.
  public func checkInvariants() throws(SparseMatrixError) {
    try pattern.checkInvariants()
    if values.count != pattern.nnz { throw .valueCount(values.count, expected: pattern.nnz) }
  }
}
