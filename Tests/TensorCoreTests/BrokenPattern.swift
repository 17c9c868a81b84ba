import TensorCore
import Testing

/// Arrays that break one invariant, and the error that names it.
struct BrokenPattern: Sendable, CustomTestStringConvertible {
  var rows = 3
  var columns = 4
  var rowOffsets: [Int32] = [0, 2, 2, 4]
  var columnIndices: [Int32] = [0, 3, 1, 2]
  let error: SparseMatrixError
  let message: String

  var testDescription: String { message }

  static let limit = Int(Int32.max)

  static let all: [BrokenPattern] = [
    BrokenPattern(
      rows: -1, error: .negativeExtent("rows", count: -1), message: "rows is -1, expected zero or more"),
    BrokenPattern(
      columns: -2, error: .negativeExtent("columns", count: -2), message: "columns is -2, expected zero or more"),
    BrokenPattern(
      rows: limit, error: .tooLarge("rows", count: limit), message: "rows is 2147483647, expected less than 2147483647"),
    BrokenPattern(
      columns: limit + 1, error: .tooLarge("columns", count: limit + 1),
      message: "columns is 2147483648, expected less than 2147483647"),
    BrokenPattern(
      rowOffsets: [], error: .rowOffsetCount(0, expected: 4),
      message: "rowOffsets has 0 elements, expected rows + 1 = 4"),
    BrokenPattern(
      rowOffsets: [0, 2, 4], error: .rowOffsetCount(3, expected: 4),
      message: "rowOffsets has 3 elements, expected rows + 1 = 4"),
    BrokenPattern(
      rowOffsets: [0, 2, 2, 4, 4], error: .rowOffsetCount(5, expected: 4),
      message: "rowOffsets has 5 elements, expected rows + 1 = 4"),
    BrokenPattern(
      rows: limit - 1, error: .rowOffsetCount(4, expected: limit),
      message: "rowOffsets has 4 elements, expected rows + 1 = 2147483647"),
    BrokenPattern(
      rowOffsets: [1, 2, 2, 4], error: .firstRowOffset(1), message: "rowOffsets starts at 1, expected 0"),
    BrokenPattern(
      rowOffsets: [-1, 2, 2, 4], error: .firstRowOffset(-1), message: "rowOffsets starts at -1, expected 0"),
    BrokenPattern(
      rowOffsets: [0, 2, 2, 3], error: .lastRowOffset(3, expected: 4),
      message: "rowOffsets reaches 3, expected to end at nnz = 4"),
    BrokenPattern(
      rowOffsets: [0, 2, 2, 5], error: .lastRowOffset(5, expected: 4),
      message: "rowOffsets reaches 5, expected to end at nnz = 4"),
    BrokenPattern(
      rowOffsets: [0, 9, 9, 4], error: .lastRowOffset(9, expected: 4),
      message: "rowOffsets reaches 9, expected to end at nnz = 4"),
    BrokenPattern(
      rowOffsets: [0, 2, 1, 4], error: .decreasingRowOffset(row: 1),
      message: "rowOffsets decreases at row 1, expected it never to decrease"),
    BrokenPattern(
      rowOffsets: [0, -2, 2, 4], error: .decreasingRowOffset(row: 0),
      message: "rowOffsets decreases at row 0, expected it never to decrease"),
    BrokenPattern(
      columnIndices: [0, 4, 1, 2], error: .columnOutOfRange(row: 0, column: 4, columns: 4),
      message: "row 0 has column 4, expected 0..<4"),
    BrokenPattern(
      columnIndices: [0, 3, -1, 2], error: .columnOutOfRange(row: 2, column: -1, columns: 4),
      message: "row 2 has column -1, expected 0..<4"),
    BrokenPattern(
      columnIndices: [0, 3, 2, 1], error: .columnsNotIncreasing(row: 2, column: 1, previous: 2),
      message: "row 2 has column 1 after 2, expected strictly increasing columns"),
    BrokenPattern(
      columnIndices: [3, 3, 1, 2], error: .columnsNotIncreasing(row: 0, column: 3, previous: 3),
      message: "row 0 has column 3 after 3, expected strictly increasing columns"),
    BrokenPattern(
      columnIndices: [0, 3, 1], error: .lastRowOffset(4, expected: 3),
      message: "rowOffsets reaches 4, expected to end at nnz = 3"),
  ]
}
