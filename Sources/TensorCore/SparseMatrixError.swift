/// Why arrays from outside are not a sparse matrix.
public enum SparseMatrixError: Error, Equatable, CustomStringConvertible {
  /// A number of rows, columns or entries is below zero.
  case negativeExtent(String, count: Int)
  /// A number of rows, columns or entries does not fit in `Int32`.
  case tooLarge(String, count: Int)
  /// `rowOffsets` has not one element more than there are rows.
  case rowOffsetCount(Int, expected: Int)
  /// `rowOffsets` does not start at 0.
  case firstRowOffset(Int)
  /// `rowOffsets` does not end at the number of entries.
  case lastRowOffset(Int, expected: Int)
  /// A row ends before it starts.
  case decreasingRowOffset(row: Int)
  /// A column index is outside the matrix.
  case columnOutOfRange(row: Int, column: Int, columns: Int)
  /// A row index is outside the matrix.
  case rowOutOfRange(row: Int, rows: Int)
  /// The columns of a row do not strictly increase.
  case columnsNotIncreasing(row: Int, column: Int, previous: Int)
  /// There are not as many values as column indices.
  case valueCount(Int, expected: Int)

  /// One sentence with the place and what was expected there.
  public var description: String {
    switch self {
    case .negativeExtent(let name, let count): "\(name) is \(count), expected zero or more"
    case .tooLarge(let name, let count): "\(name) is \(count), expected less than \(Int32.max)"
    case .rowOffsetCount(let count, let expected): "rowOffsets has \(count) elements, expected rows + 1 = \(expected)"
    case .firstRowOffset(let offset): "rowOffsets starts at \(offset), expected 0"
    case .lastRowOffset(let offset, let expected): "rowOffsets reaches \(offset), expected to end at nnz = \(expected)"
    case .decreasingRowOffset(let row): "rowOffsets decreases at row \(row), expected it never to decrease"
    case .columnOutOfRange(let row, let column, let columns):
      "row \(row) has column \(column), expected 0..<\(columns)"
    case .rowOutOfRange(let row, let rows): "an entry has row \(row), expected 0..<\(rows)"
    case .columnsNotIncreasing(let row, let column, let previous):
      "row \(row) has column \(column) after \(previous), expected strictly increasing columns"
    case .valueCount(let count, let expected): "values has \(count) elements, expected nnz = \(expected)"
    }
  }
}
