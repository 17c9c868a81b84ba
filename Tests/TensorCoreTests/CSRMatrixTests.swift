import TensorCore
import Testing

struct CSRMatrixTests {
  /// 3 x 4 with an empty row in the middle.
  private func example() throws -> CSRMatrix {
    try CSRMatrix(rows: 3, columns: 4, rowOffsets: [0, 2, 2, 4], columnIndices: [0, 3, 1, 2], values: [1, 2, 3, 4])
  }

  @Test func propertiesAreThoseOfThePattern() throws {
    let matrix = try example()
    #expect(matrix.rows == 3 && matrix.columns == 4 && matrix.nnz == 4)
    #expect(matrix.rowOffsets == [0, 2, 2, 4])
    #expect(matrix.columnIndices == [0, 3, 1, 2])
    #expect(matrix.values == [1, 2, 3, 4])
    #expect(matrix.density == matrix.pattern.density)
    #expect(matrix.sparsity == 1 - matrix.density)
    #expect(matrix.byteCount == 4 * (4 + 4 + 4))
  }

  @Test(arguments: BrokenPattern.all)
  func brokenArraysAreRefused(broken: BrokenPattern) {
    #expect(throws: broken.error) {
      try CSRMatrix(
        rows: broken.rows, columns: broken.columns, rowOffsets: broken.rowOffsets,
        columnIndices: broken.columnIndices, values: [Float](repeating: 1, count: broken.columnIndices.count))
    }
  }

  @Test func anotherCountOfValuesIsRefused() throws {
    let matrix = try example()
    for count in [0, 3, 5] {
      let values = [Float](repeating: 1, count: count)
      let error = SparseMatrixError.valueCount(count, expected: 4)
      #expect(throws: error) { try CSRMatrix(pattern: matrix.pattern, values: values) }
      #expect(throws: error) { try matrix.replacingValues(values) }
      #expect(error.description == "values has \(count) elements, expected nnz = 4")
      if !SparsityPatternTests.isDebugBuild {
        #expect(throws: error) {
          try CSRMatrix(uncheckedPattern: matrix.pattern, values: values).checkInvariants()
        }
      }
    }
  }

  @Test func replacingValuesKeepsThePatternAndTheOriginal() throws {
    let matrix = try example()
    let replaced = try matrix.replacingValues([5, 0, 7, .nan])
    #expect(replaced.pattern == matrix.pattern)
    #expect(replaced.values.prefix(3) == [5, 0, 7])
    #expect(replaced.values[3].isNaN)
    #expect(replaced.nnz == 4, "a stored zero stays stored")
    #expect(matrix.values == [1, 2, 3, 4])
  }

  @Test func elementsAreFoundAndTheOthersAreZero() throws {
    var generator = SeededGenerator(seed: 1)
    for sparsity in [0, 0.3, 0.8, 1] {
      for columns in [1, 2, 5, 33] {
        let matrix = try CSRMatrix.random(rows: 7, columns: columns, sparsity: sparsity, using: &generator)
        let dense = matrix.dense().values
        for row in 0..<7 {
          for column in 0..<columns {
            #expect(matrix[row, column] == dense[row * columns + column])
          }
        }
      }
    }
  }

  @Test func elementsOfTheWidestMatrixAreFound() throws {
    let last = Int(Int32.max) - 2
    let matrix = try CSRMatrix(
      rows: 1, columns: last + 1, rowOffsets: [0, 2], columnIndices: [5, Int32(last)], values: [1, 2])
    #expect(matrix[0, last] == 2 && matrix[0, 5] == 1 && matrix[0, last - 1] == 0)
  }

  @Test func equalityComparesPatternAndValues() throws {
    let matrix = try example()
    #expect(matrix == (try example()))
    #expect(matrix != (try matrix.replacingValues([1, 2, 3, 5])))
    let wider = try CSRMatrix(
      rows: 3, columns: 5, rowOffsets: [0, 2, 2, 4], columnIndices: [0, 3, 1, 2], values: [1, 2, 3, 4])
    #expect(matrix != wider)
  }

  @Test func errorsOfEntriesSayWhatWasExpected() {
    #expect(SparseMatrixError.rowOutOfRange(row: 7, rows: 3).description == "an entry has row 7, expected 0..<3")
  }
}
