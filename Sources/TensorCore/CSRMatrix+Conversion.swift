/// One entry of a matrix in coordinate form.
public struct COOEntry: Hashable, Sendable {
  /// The row, from 0.
  public var row: Int
  /// The column, from 0.
  public var column: Int
  /// The value.
  public var value: Float

  /// Creates an entry.
  public init(row: Int, column: Int, value: Float) {
    self.row = row
    self.column = column
    self.value = value
  }
}

/// A sparse matrix in compressed sparse columns: the arrays of the compressed sparse rows of its transpose.
public struct CSCMatrix: Hashable, Sendable {
  /// The transpose of this matrix, in compressed sparse rows; the arrays are the same.
  public let transpose: CSRMatrix

  /// Creates a matrix from compressed sparse columns that come from outside, checking every invariant.
  ///
  /// - Throws: ``SparseMatrixError``, in which the roles of rows and columns are exchanged.
  public init(
    rows: Int, columns: Int, columnOffsets: [Int32], rowIndices: [Int32], values: [Float]
  ) throws(SparseMatrixError) {
    transpose = try CSRMatrix(
      rows: columns, columns: rows, rowOffsets: columnOffsets, columnIndices: rowIndices, values: values)
  }

  fileprivate init(transpose: CSRMatrix) {
    self.transpose = transpose
  }

  /// The number of rows.
  public var rows: Int { transpose.columns }
  /// The number of columns.
  public var columns: Int { transpose.rows }
  /// Where each column starts in `rowIndices`; `columns + 1` elements.
  public var columnOffsets: [Int32] { transpose.rowOffsets }
  /// The row of each entry, column after column, strictly increasing within a column.
  public var rowIndices: [Int32] { transpose.columnIndices }
  /// The value of each entry, in the order of `rowIndices`.
  public var values: [Float] { transpose.values }
}

extension CSRMatrix {
  /// Creates a matrix from the elements of a dense row-major one that are larger than a threshold.
  ///
  /// An element is stored unless `abs(element) <= threshold`, so that a NaN is stored and can be found.
  ///
  /// - Parameters:
  ///   - elements: `rows * columns` elements in row-major order.
  ///   - threshold: zero or more; with 0, exactly the nonzero elements are stored.
  /// - Precondition: the count of elements is right and the threshold is not negative.
  /// - Complexity: O(rows * columns).
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(
    dense elements: UnsafeBufferPointer<Float>, rows: Int, columns: Int, threshold: Float = 0
  ) throws(SparseMatrixError) {
    precondition(elements.count == rows * columns, "CSRMatrix: \(elements.count) elements for \(rows) x \(columns)")
    precondition(threshold >= 0, "CSRMatrix: threshold \(threshold), expected zero or more")
    try SparsityPattern.checkExtents(rows: rows, columns: columns, nnz: 0)
    var offsets: [Int32] = [0]
    var indices: [Int32] = []
    var values: [Float] = []
    offsets.reserveCapacity(rows + 1)
    for row in 0..<rows {
      for column in 0..<columns {
        let element = elements[row * columns + column]
        if !(abs(element) <= threshold) {
          indices.append(Int32(column))
          values.append(element)
        }
      }
      try SparsityPattern.checkExtents(rows: rows, columns: columns, nnz: values.count)
      offsets.append(Int32(values.count))
    }
    self.init(
      uncheckedPattern: SparsityPattern(
        uncheckedRows: rows, columns: columns, rowOffsets: offsets, columnIndices: indices),
      values: values)
  }

  /// Creates a matrix from a tensor: the first dimension is the rows, the others together are the columns, so that
  /// OIHW weights become one row per output channel with column
  /// `(inputChannel * kernelHeight + y) * kernelWidth + x`.
  ///
  /// - Precondition: the tensor has one dimension or more; `threshold` is not negative.
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(_ tensor: Tensor, threshold: Float = 0) throws(SparseMatrixError) {
    precondition(tensor.shape.rank > 0, "CSRMatrix: a scalar has no rows")
    let rows = tensor.shape[0]
    let columns = tensor.shape.dimensions.dropFirst().reduce(1, *)
    let result = tensor.withUnsafeBufferPointer { elements in
      Result { () throws(SparseMatrixError) in
        try CSRMatrix(dense: elements, rows: rows, columns: columns, threshold: threshold)
      }
    }
    self = try result.get()
  }

  /// Creates a matrix from coordinates in any order; the values of entries at the same position are summed in the
  /// order in which they are given.
  ///
  /// - Complexity: O(rows + entries * log(entries of the longest row)).
  /// - Throws: ``SparseMatrixError`` if an entry is outside the matrix or a count does not fit in `Int32`.
  public init(rows: Int, columns: Int, entries: [COOEntry]) throws(SparseMatrixError) {
    try SparsityPattern.checkExtents(rows: rows, columns: columns, nnz: entries.count)
    var starts = [Int](repeating: 0, count: rows + 1)
    for entry in entries {
      guard entry.row >= 0, entry.row < rows else { throw .rowOutOfRange(row: entry.row, rows: rows) }
      guard entry.column >= 0, entry.column < columns else {
        throw .columnOutOfRange(row: entry.row, column: entry.column, columns: columns)
      }
      starts[entry.row + 1] += 1
    }
    for row in 0..<rows { starts[row + 1] += starts[row] }
    var order = [Int](repeating: 0, count: entries.count)
    var next = starts
    for (index, entry) in entries.enumerated() {
      order[next[entry.row]] = index
      next[entry.row] += 1
    }

    var offsets: [Int32] = [0]
    var indices: [Int32] = []
    var values: [Float] = []
    offsets.reserveCapacity(rows + 1)
    for row in 0..<rows {
      let rowStart = indices.count
      let sorted = order[starts[row]..<starts[row + 1]].sorted {
        (entries[$0].column, $0) < (entries[$1].column, $1)
      }
      for index in sorted {
        let entry = entries[index]
        if indices.count > rowStart, Int(indices[indices.count - 1]) == entry.column {
          values[values.count - 1] += entry.value
        } else {
          indices.append(Int32(entry.column))
          values.append(entry.value)
        }
      }
      offsets.append(Int32(indices.count))
    }
    self.init(
      uncheckedPattern: SparsityPattern(
        uncheckedRows: rows, columns: columns, rowOffsets: offsets, columnIndices: indices),
      values: values)
  }

  /// Creates a matrix from compressed sparse columns.
  ///
  /// - Complexity: O(rows + columns + nnz).
  public init(_ matrix: CSCMatrix) {
    self = matrix.transpose.transposed()
  }

  /// The matrix in compressed sparse columns.
  ///
  /// - Complexity: O(rows + columns + nnz).
  public func compressedColumns() -> CSCMatrix {
    CSCMatrix(transpose: transposed())
  }

  /// The entries in coordinate form, row after row.
  public func coordinates() -> [COOEntry] {
    (0..<rows).flatMap { row in
      pattern.entries(ofRow: row).map { COOEntry(row: row, column: Int(columnIndices[$0]), value: values[$0]) }
    }
  }

  /// The dense tensor `[rows, columns]`, zero where nothing is stored.
  public func dense() -> Tensor {
    dense(shape: [rows, columns])
  }

  /// The dense tensor of another shape with the same number of elements: OIHW weights from their matrix.
  ///
  /// - Precondition: `shape.elementCount == rows * columns`.
  public func dense(shape: Shape) -> Tensor {
    precondition(
      shape.elementCount == rows * columns, "CSRMatrix: \(rows) x \(columns) cannot be a tensor of shape \(shape)")
    return Tensor(uninitialized: shape) { elements in
      elements.initialize(repeating: 0)
      for row in 0..<rows {
        for entry in pattern.entries(ofRow: row) {
          elements[row * columns + Int(columnIndices[entry])] = values[entry]
        }
      }
    }
  }

  /// The transposed matrix.
  ///
  /// - Complexity: O(rows + columns + nnz).
  public func transposed() -> CSRMatrix {
    let (pattern, sources) = pattern.transposed()
    return CSRMatrix(uncheckedPattern: pattern, values: sources.map { values[Int($0)] })
  }
}
