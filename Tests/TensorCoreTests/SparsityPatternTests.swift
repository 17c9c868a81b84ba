import TensorCore
import Testing

struct SparsityPatternTests {
  /// Constructors that trust their caller check in debug builds, where the broken patterns below would trap.
  static let isDebugBuild: Bool = {
    var isDebug = false
    assert(
      {
        isDebug = true
        return true
      }())
    return isDebug
  }()

  private func randomMask(_ count: Int, using generator: inout SeededGenerator) -> [Bool] {
    (0..<count).map { _ in generator.nextIndex(below: 3) == 0 }
  }

  @Test func rightArraysAreTaken() throws {
    let pattern = try SparsityPattern(
      rows: 3, columns: 4, rowOffsets: [0, 2, 2, 4], columnIndices: [0, 3, 1, 2])
    #expect(pattern.nnz == 4)
    #expect(pattern.entries(ofRow: 0) == 0..<2)
    #expect(pattern.entries(ofRow: 1) == 2..<2)
    #expect(pattern.entries(ofRow: 2) == 2..<4)
    #expect(pattern.density == 4.0 / 12)
    #expect(pattern.sparsity == 1 - 4.0 / 12)
  }

  @Test(arguments: BrokenPattern.all)
  func brokenArraysAreRefused(broken: BrokenPattern) {
    #expect(throws: broken.error) {
      try SparsityPattern(
        rows: broken.rows, columns: broken.columns, rowOffsets: broken.rowOffsets, columnIndices: broken.columnIndices)
    }
    #expect(broken.error.description == broken.message)
  }

  @Test(.enabled(if: !isDebugBuild, "a debug build traps on unchecked arrays"), arguments: BrokenPattern.all)
  func checkInvariantsFindsWhatAnUncheckedInitializerLetThrough(broken: BrokenPattern) {
    let pattern = SparsityPattern(
      uncheckedRows: broken.rows, columns: broken.columns, rowOffsets: broken.rowOffsets,
      columnIndices: broken.columnIndices)
    #expect(throws: broken.error) { try pattern.checkInvariants() }
    let matrix = CSRMatrix(
      uncheckedPattern: pattern, values: [Float](repeating: 1, count: broken.columnIndices.count))
    #expect(throws: broken.error) { try matrix.checkInvariants() }
  }

  @Test func theLargestColumnOfInt32Works() throws {
    let columns = Int(Int32.max) - 1
    let pattern = try SparsityPattern(
      rows: 1, columns: columns, rowOffsets: [0, 2], columnIndices: [0, Int32(columns - 1)])
    #expect(pattern.density == 2 / Double(columns))
  }

  @Test func patternsWithoutRowsOrColumns() throws {
    for (rows, columns) in [(0, 0), (0, 5), (5, 0)] {
      let pattern = try SparsityPattern(mask: [], rows: rows, columns: columns)
      try pattern.checkInvariants()
      #expect(pattern.rowOffsets == [Int32](repeating: 0, count: rows + 1))
      #expect(pattern.rowCounts == [Int](repeating: 0, count: rows))
      #expect(pattern.columnCounts == [Int](repeating: 0, count: columns))
      #expect(pattern.density == 0 && pattern.sparsity == 1)
      #expect(pattern.mask().isEmpty)
      #expect(pattern.transposed().pattern.rows == columns)
      #expect(pattern.transposed().pattern.columns == rows)
    }
  }

  @Test func maskRoundTripAndCountsAgreeWithBruteForce() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      let rows = generator.nextIndex(below: 12)
      let columns = generator.nextIndex(below: 12)
      let mask = randomMask(rows * columns, using: &generator)
      let pattern = try SparsityPattern(mask: mask, rows: rows, columns: columns)
      try pattern.checkInvariants()
      #expect(pattern.mask() == mask)
      #expect(pattern.nnz == mask.count { $0 })
      let rowCounts = (0..<rows).map { row in (0..<columns).count { mask[row * columns + $0] } }
      let columnCounts = (0..<columns).map { column in (0..<rows).count { mask[$0 * columns + column] } }
      #expect(pattern.rowCounts == rowCounts)
      #expect(pattern.columnCounts == columnCounts)
    }
  }

  @Test func aMaskBeyondInt32IsRefused() {
    let limit = Int(Int32.max)
    #expect(throws: SparseMatrixError.tooLarge("columns", count: limit)) {
      try SparsityPattern(mask: [], rows: 0, columns: limit)
    }
    #expect(throws: SparseMatrixError.tooLarge("rows", count: limit)) {
      try SparsityPattern(mask: [], rows: limit, columns: 0)
    }
    #expect(throws: SparseMatrixError.negativeExtent("rows", count: -1)) {
      try SparsityPattern(mask: [], rows: -1, columns: 0)
    }
  }

  @Test func transposedMovesEveryPositionAndSaysWhereFrom() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<100 {
      let rows = generator.nextIndex(below: 10)
      let columns = generator.nextIndex(below: 10)
      let pattern = try SparsityPattern(
        mask: randomMask(rows * columns, using: &generator), rows: rows, columns: columns)
      let (transposed, sources) = pattern.transposed()
      try transposed.checkInvariants()
      #expect(transposed.rows == columns && transposed.columns == rows)
      #expect(sources.sorted() == (0..<Int32(pattern.nnz)).map { $0 })
      let rowOfEntry = (0..<rows).flatMap { [Int](repeating: $0, count: pattern.rowCounts[$0]) }
      for row in 0..<columns {
        for entry in transposed.entries(ofRow: row) {
          #expect(Int(pattern.columnIndices[Int(sources[entry])]) == row)
          #expect(rowOfEntry[Int(sources[entry])] == Int(transposed.columnIndices[entry]))
        }
      }
      #expect(transposed.transposed().pattern == pattern)
    }
  }
}
