import TensorCore

extension SparsityPattern {
  /// The pattern that stores every position.
  ///
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  static func everywhere(rows: Int, columns: Int) throws(SparseMatrixError) -> SparsityPattern {
    guard let count = Int32(exactly: rows * columns) else { throw .tooLarge("nnz", count: rows * columns) }
    return try SparsityPattern(
      rows: rows, columns: columns,
      rowOffsets: (0...rows).map { Int32($0 * columns) },
      columnIndices: (0..<count).map { $0 % Int32(columns) })
  }
}
