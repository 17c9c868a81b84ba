import TensorCore
import Testing

struct CSRMatrixConversionTests {
  /// A matrix as rows of dense elements, made without any code under test.
  private struct DenseCase {
    let rows: Int
    let columns: Int
    var elements: [Float]

    init(rows: Int, columns: Int, keepOneIn: Int?, using generator: inout SeededGenerator) {
      self.rows = rows
      self.columns = columns
      elements = (0..<rows * columns).map { _ in
        // Never zero, so that what is stored is known.
        let value = Float(1 + generator.nextIndex(below: 100)) * (generator.nextIndex(below: 2) == 0 ? 1 : -1)
        return keepOneIn.map { generator.nextIndex(below: $0) == 0 } ?? false ? value : 0
      }
    }

    func csr(threshold: Float = 0) throws -> CSRMatrix {
      try elements.withUnsafeBufferPointer { buffer in
        try CSRMatrix(dense: buffer, rows: rows, columns: columns, threshold: threshold)
      }
    }

    var entries: [COOEntry] {
      elements.indices.filter { elements[$0] != 0 }.map {
        COOEntry(row: $0 / columns, column: $0 % columns, value: elements[$0])
      }
    }

    var transposed: [Float] {
      (0..<columns).flatMap { column in (0..<rows).map { elements[$0 * columns + column] } }
    }
  }

  /// Sizes around nothing, one row, one column, and random ones; each all zero, all stored, half and mostly empty.
  private func cases() -> [DenseCase] {
    var generator = SeededGenerator(seed: 1)
    var sizes = [(0, 0), (0, 7), (7, 0), (1, 1), (1, 40), (40, 1), (5, 5), (64, 3), (3, 64)]
    for _ in 0..<60 { sizes.append((generator.nextIndex(below: 20), generator.nextIndex(below: 20))) }
    return sizes.flatMap { rows, columns in
      [nil, 1, 2, 20].map { DenseCase(rows: rows, columns: columns, keepOneIn: $0, using: &generator) }
    }
  }

  @Test func denseRoundTrip() throws {
    for dense in cases() {
      let matrix = try dense.csr()
      try matrix.checkInvariants()
      #expect(matrix.rows == dense.rows && matrix.columns == dense.columns)
      #expect(matrix.nnz == dense.entries.count)
      #expect(matrix.dense().shape == [dense.rows, dense.columns])
      #expect(matrix.dense().values == dense.elements)
      #expect(try CSRMatrix(matrix.dense()) == matrix)
    }
  }

  @Test func coordinatesRoundTripInAnyOrder() throws {
    var generator = SeededGenerator(seed: 2)
    for dense in cases() {
      let matrix = try dense.csr()
      #expect(matrix.coordinates() == dense.entries)
      let shuffled = dense.entries.shuffled(using: &generator)
      #expect(try CSRMatrix(rows: dense.rows, columns: dense.columns, entries: shuffled) == matrix)
    }
  }

  @Test func transposeAgreesWithBruteForceAndTwiceIsTheSame() throws {
    for dense in cases() {
      let matrix = try dense.csr()
      let transposed = matrix.transposed()
      try transposed.checkInvariants()
      #expect(transposed.dense().values == dense.transposed)
      #expect(transposed.transposed() == matrix)
    }
  }

  @Test func compressedColumnsBothWays() throws {
    for dense in cases() {
      let matrix = try dense.csr()
      let columns = matrix.compressedColumns()
      #expect(columns.rows == dense.rows && columns.columns == dense.columns)
      #expect(columns.columnOffsets.count == dense.columns + 1)
      #expect(columns.rowIndices.count == matrix.nnz && columns.values.count == matrix.nnz)
      for column in 0..<dense.columns {
        let rows = (0..<dense.rows).filter { dense.elements[$0 * dense.columns + column] != 0 }
        let entries = Int(columns.columnOffsets[column])..<Int(columns.columnOffsets[column + 1])
        #expect(columns.rowIndices[entries].map(Int.init) == rows)
        #expect(Array(columns.values[entries]) == rows.map { dense.elements[$0 * dense.columns + column] })
      }
      #expect(CSRMatrix(columns) == matrix)
      let again = try CSCMatrix(
        rows: columns.rows, columns: columns.columns, columnOffsets: columns.columnOffsets,
        rowIndices: columns.rowIndices, values: columns.values)
      #expect(again == columns)
    }
  }

  @Test func compressedColumnsAreCheckedWithRowsAndColumnsExchanged() {
    #expect(throws: SparseMatrixError.rowOffsetCount(2, expected: 3)) {
      try CSCMatrix(rows: 4, columns: 2, columnOffsets: [0, 1], rowIndices: [0], values: [1])
    }
    #expect(throws: SparseMatrixError.columnOutOfRange(row: 1, column: 4, columns: 4)) {
      try CSCMatrix(rows: 4, columns: 2, columnOffsets: [0, 0, 1], rowIndices: [4], values: [1])
    }
    #expect(throws: SparseMatrixError.valueCount(2, expected: 1)) {
      try CSCMatrix(rows: 4, columns: 2, columnOffsets: [0, 0, 1], rowIndices: [3], values: [1, 2])
    }
  }

  @Test func thresholdDropsWhatIsNotLarger() throws {
    let tensor = Tensor([0, -0.0, 0.5, -0.5, 0.75, -2], shape: [2, 3])
    #expect(try CSRMatrix(tensor).values == [0.5, -0.5, 0.75, -2])
    #expect(try CSRMatrix(tensor, threshold: 0.5).values == [0.75, -2])
    #expect(try CSRMatrix(tensor, threshold: 0.5).columnIndices == [1, 2])
    #expect(try CSRMatrix(tensor, threshold: 2).nnz == 0)
    #expect(try CSRMatrix(tensor, threshold: Float(0.5).nextDown).values == [0.5, -0.5, 0.75, -2])
    #expect(
      try CSRMatrix(Tensor([.leastNonzeroMagnitude, 0], shape: [1, 2])).values == [.leastNonzeroMagnitude],
      "the least float is not zero")
  }

  @Test func notANumberAndInfinityAreKept() throws {
    let tensor = Tensor([.nan, 1, -.nan, .infinity], shape: [1, 4])
    for threshold: Float in [0, 10, .greatestFiniteMagnitude] {
      let matrix = try CSRMatrix(tensor, threshold: threshold)
      #expect(matrix.columnIndices == (threshold == 0 ? [0, 1, 2, 3] : [0, 2, 3]))
      #expect(matrix[0, 0].isNaN && matrix[0, 2].isNaN)
    }
    let matrix = try CSRMatrix(tensor, threshold: .infinity)
    #expect(matrix.columnIndices == [0, 2])
  }

  @Test func duplicatesAreSummedInTheGivenOrder() throws {
    // 1e8 + 1 is 1e8 in Float, so that only the given order gives 1.
    let entries = [
      COOEntry(row: 1, column: 2, value: 1e8), COOEntry(row: 0, column: 1, value: 5),
      COOEntry(row: 1, column: 0, value: 7), COOEntry(row: 1, column: 2, value: -1e8),
      COOEntry(row: 0, column: 1, value: -5), COOEntry(row: 1, column: 2, value: 1),
    ]
    let matrix = try CSRMatrix(rows: 2, columns: 3, entries: entries)
    try matrix.checkInvariants()
    #expect(matrix.rowOffsets == [0, 1, 3])
    #expect(matrix.columnIndices == [1, 0, 2])
    #expect(matrix.values == [0, 7, 1], "entries that cancel stay stored as a zero")
  }

  @Test func lastColumnOfARowIsNotMergedWithTheFirstOfTheNext() throws {
    let entries = (0..<3).map { COOEntry(row: $0, column: 0, value: Float($0 + 1)) }
    let matrix = try CSRMatrix(rows: 3, columns: 1, entries: entries)
    #expect(matrix.values == [1, 2, 3])
    #expect(matrix.rowOffsets == [0, 1, 2, 3])
  }

  @Test func entriesOutsideTheMatrixAreRefused() {
    func entry(_ row: Int, _ column: Int) -> COOEntry { COOEntry(row: row, column: column, value: 1) }
    for row in [-1, 2, Int.max, Int.min] {
      #expect(throws: SparseMatrixError.rowOutOfRange(row: row, rows: 2)) {
        try CSRMatrix(rows: 2, columns: 3, entries: [entry(0, 0), entry(row, 0)])
      }
    }
    for column in [-1, 3, Int.max, Int.min] {
      #expect(throws: SparseMatrixError.columnOutOfRange(row: 1, column: column, columns: 3)) {
        try CSRMatrix(rows: 2, columns: 3, entries: [entry(1, column)])
      }
    }
    #expect(throws: SparseMatrixError.rowOutOfRange(row: 0, rows: 0)) {
      try CSRMatrix(rows: 0, columns: 3, entries: [entry(0, 0)])
    }
  }

  @Test func extentsBeyondInt32AreRefusedBeforeAnythingIsAllocated() {
    let limit = Int(Int32.max)
    for (rows, columns, error) in [
      (limit, 0, SparseMatrixError.tooLarge("rows", count: limit)),
      (0, limit, .tooLarge("columns", count: limit)),
      (-1, 0, .negativeExtent("rows", count: -1)),
      (0, -5, .negativeExtent("columns", count: -5)),
    ] {
      #expect(throws: error) { try CSRMatrix(rows: rows, columns: columns, entries: []) }
      #expect(throws: error) {
        try CSRMatrix(dense: UnsafeBufferPointer(start: nil, count: 0), rows: rows, columns: columns)
      }
    }
    #expect(throws: SparseMatrixError.tooLarge("columns", count: 1 << 40)) {
      try CSRMatrix(Tensor(zeros: [0, 1 << 20, 1 << 20]))
    }
    #expect(throws: SparseMatrixError.tooLarge("rows", count: 1 << 40)) {
      try CSRMatrix(Tensor(zeros: [1 << 40, 0]))
    }
  }

  @Test func aTensorBecomesOneRowPerFirstIndex() throws {
    let shape: Shape = [3, 2, 4, 5]
    let tensor = Tensor((0..<shape.elementCount).map { Float($0 + 1) }, shape: shape)
    let matrix = try CSRMatrix(tensor)
    #expect(matrix.rows == 3 && matrix.columns == 40)
    #expect(matrix.dense(shape: shape) == tensor)
    #expect(try CSRMatrix(Tensor([1, 0, 2], shape: [3])).columns == 1)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = try? CSRMatrix(Tensor(zeros: [2, 2]), threshold: -1) }
    await #expect(processExitsWith: .failure) { _ = try? CSRMatrix(Tensor(zeros: [2, 2]), threshold: .nan) }
    await #expect(processExitsWith: .failure) { _ = try? CSRMatrix(Tensor(zeros: [])) }
    await #expect(processExitsWith: .failure) { _ = try? CSRMatrix(Tensor(zeros: [2, 2])).dense(shape: [3]) }
    await #expect(processExitsWith: .failure) { _ = try? CSRMatrix(Tensor(zeros: [2, 2]))[2, 0] }
    await #expect(processExitsWith: .failure) { _ = try? CSRMatrix(Tensor(zeros: [2, 2]))[0, -1] }
  }
}
