import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct MatrixMarketFileTests {
  private func file(_ text: String, allowingNonfinite: Bool = false) throws(FormatError) -> MatrixMarketFile {
    try MatrixMarketFile(data: Data(text.utf8), name: "f", allowingNonfinite: allowingNonfinite)
  }

  /// The elements of a file, row by row, which must be the same read as matrix and as tensor.
  private func elements(_ text: String) throws -> [[Float]] {
    let file = try file(text)
    let tensor = try file.tensor()
    #expect(try file.matrix().dense() == tensor)
    return (0..<file.rows).map { row in (0..<file.columns).map { tensor[row, $0] } }
  }

  @Test func theHeaderIsRead() throws {
    let sparse = try file("%%MatrixMarket matrix coordinate real general\n% a\n%b\n\n3 4 1\n1 1 1\n")
    #expect(sparse.name == "f" && sparse.layout == .coordinate && sparse.field == .real && sparse.symmetry == .general)
    #expect(sparse.rows == 3 && sparse.columns == 4 && sparse.entryCount == 1)
    let dense = try file(
      "%%MATRIXmarket\tMatrix ARRAY Integer Symmetric \r\n  % a\r\n 3\t3 \r\n1\r\n1\r\n1\r\n1\r\n1\r\n1")
    #expect(dense.layout == .array && dense.field == .integer && dense.symmetry == .symmetric && dense.entryCount == 6)
    let skew = try file("%%MatrixMarket matrix array double skew-symmetric\n3 3\n1\n1\n1\n")
    #expect(skew.symmetry == .skewSymmetric && skew.field == .real && skew.entryCount == 3)
    #expect(try file("%%MatrixMarket matrix coordinate pattern general\n1 1 0").field == .pattern)
    #expect(try file("%%MatrixMarket matrix coordinate unsigned-integer general\n1 1 0").field == .integer)
  }

  /// Texts that SciPy 1.17's `mmwrite` made, and what its `mmread` makes of them.
  @Test(arguments: [
    (
      "%%MatrixMarket matrix coordinate real general\n%hello\n% world\n2 2 2\n1 1 1.00e+00\n1 2 2.50e+00\n",
      [[1, 2.5], [0, 0]]
    ),
    ("%%MatrixMarket matrix array real symmetric\n%\n2 2\n1\n2\n1E-1\n", [[1, 2], [2, 0.1]]),
    ("%%MatrixMarket matrix coordinate real symmetric\n%\n2 2 3\n1 1 1\n2 1 2\n2 2 1E-1\n", [[1, 2], [2, 0.1]]),
    ("%%MatrixMarket matrix coordinate pattern symmetric\n%\n2 2 2\n2 1\n2 2\n", [[0, 1], [1, 1]]),
    ("%%MatrixMarket matrix coordinate integer symmetric\n%\n2 2 2\n1 1 1\n2 1 2\n", [[1, 2], [2, 0]]),
    (
      "%%MatrixMarket matrix coordinate real skew-symmetric\n%\n3 3 2\n2 1 -2\n3 2 -1\n",
      [[0, 2, 0], [-2, 0, 1], [0, -1, 0]]
    ),
    ("%%MatrixMarket matrix coordinate real skew-symmetric\n%\n2 2 2\n1 1 0\n2 1 -2\n", [[0, 2], [-2, 0]]),
    (
      "%%MatrixMarket matrix coordinate pattern skew-symmetric\n%\n3 3 2\n2 1\n3 2\n",
      [[0, -1, 0], [1, 0, -1], [0, 1, 0]]
    ),
    ("%%MatrixMarket matrix array real skew-symmetric\n%\n3 3\n-2\n0\n-1\n", [[0, 2, 0], [-2, 0, 1], [0, -1, 0]]),
    ("%%MatrixMarket matrix array integer general\n%\n2 3\n0\n-2\n0\n2\n0\n-1\n", [[0, 0, 0], [-2, 2, -1]]),
    ("%%MatrixMarket matrix array real general\n%\n1 3\n1E30\n1E-30\n1.23456789E8\n", [[1e30, 1e-30, 123_456_792]]),
    (
      "%%MatrixMarket matrix array real general\n%\n1 2\n1.0000000000000000e+00\n1.0000000000000001e-01\n", [[1, 0.1]]
    ),
    ("%%MatrixMarket matrix coordinate real general\n%\n2 0 0\n", [[], []]),
    ("%%MatrixMarket matrix array real general\n%\n0 3\n", []),
  ])
  func whatSciPyWritesIsRead(text: String, expected: [[Float]]) throws {
    #expect(try elements(text) == expected)
    #expect(try elements(text.replacingOccurrences(of: "\n", with: "\r\n")) == expected)
    #expect(try elements(text.replacingOccurrences(of: "\n", with: " \n\n\t ")) == expected)
    if !expected.isEmpty { #expect(try elements(String(text.dropLast())) == expected) }
  }

  @Test func entriesInAnyOrderAreSortedAndSummed() throws {
    // In `Float` 2^24 + 1 is 2^24, so that the sums show in which order they were made.
    let text = """
      %%MatrixMarket matrix coordinate real general
      2 3 8
      2 3 1
      1 2 16777216
      1 2 1
      2 1 1
      1 2 -16777216
      2 1 16777216
      2 1 -16777216
      2 2 0
      """
    let matrix = try file(text).matrix()
    #expect(matrix.rowOffsets == [0, 1, 4] && matrix.columnIndices == [1, 0, 1, 2] && matrix.values == [0, 0, 0, 1])
    #expect(try file(text).tensor() == matrix.dense())
    let halves = "%%MatrixMarket matrix coordinate real symmetric\n2 2 4\n1 2 3\n2 1 4\n1 1 1\n1 1 1\n"
    #expect(try elements(halves) == [[2, 7], [7, 0]])
  }

  @Test func aStoredZeroStaysInACoordinateFileOnly() throws {
    #expect(try file("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 0\n").matrix().nnz == 1)
    let matrix = try file("%%MatrixMarket matrix array real general\n2 2\n0\n-0\n5\n0\n").matrix()
    #expect(matrix.nnz == 1 && matrix[0, 1] == 5)
    let zero = try file("%%MatrixMarket matrix array real general\n1 1\n-0\n").tensor()
    #expect(zero[0, 0].sign == .minus)
  }

  @Test func matricesOfAnySizeAreAsTheirEntries() throws {
    var generator = SeededGenerator(seed: 77)
    for (rows, columns, count) in [(1, 1, 3), (5, 1_000, 400), (1_000, 5, 400), (60, 60, 3_000)] {
      let entries = (0..<count).map { _ in
        COOEntry(
          row: generator.nextIndex(below: rows), column: generator.nextIndex(below: columns),
          value: generator.nextFloat(in: -1..<1))
      }
      let lines = entries.map { "\($0.row + 1) \($0.column + 1) \($0.value)\n" }
      let text = "%%MatrixMarket matrix coordinate real general\n\(rows) \(columns) \(count)\n" + lines.joined()
      let expected = try CSRMatrix(rows: rows, columns: columns, entries: entries)
      #expect(try file(text).matrix() == expected)
      #expect(try file(text).tensor() == expected.dense())
    }
  }

  @Test(arguments: [("nan", "nan"), ("-Infinity", "-inf"), ("inf", "inf"), ("1e39", "inf"), ("-3.5e38", "-inf")])
  func nonfiniteValuesAreRefusedUnlessAllowed(text: String, shown: String) throws {
    for body in ["coordinate real general\n1 2 2\n1 1 1\n1 2 \(text)\n", "array real general\n1 2\n1\n\(text)\n"] {
      let text = "%%MatrixMarket matrix " + body
      let problem = "value is \(shown), expected a finite number that a Float can hold"
      let expected = FormatError(.badData, file: "f", place: "line 4", problem)
      #expect(throws: expected) { try file(text).matrix() }
      #expect(throws: expected) { try file(text).tensor() }
      let matrix = try file(text, allowingNonfinite: true).matrix()
      #expect("\(matrix[0, 1])" == shown)
      #expect(try "\(file(text, allowingNonfinite: true).tensor()[0, 1])" == shown)
    }
  }

  @Test func aSumThatOverflowsIsRefusedUnlessAllowed() throws {
    let text = "%%MatrixMarket matrix coordinate real general\n2 2 3\n1 1 1\n2 1 3e38\n2 1 2e38\n"
    let problem = "the entries add up to more than a Float can hold, expected a finite number"
    let expected = FormatError(.badData, file: "f", place: "row 2, column 1", problem)
    #expect(throws: expected) { try file(text).matrix() }
    #expect(throws: expected) { try file(text).tensor() }
    #expect(try file(text, allowingNonfinite: true).matrix()[1, 0] == .infinity)
  }

  @Test func filesAreOpenedByPath() throws {
    let folder = try TemporaryFolder()
    let text = "%%MatrixMarket matrix coordinate real general\n2 2 1\n2 1 7\n"
    let path = try folder.file("a.mtx", holding: Data(text.utf8))
    let file = try MatrixMarketFile(path: path)
    #expect(file.name == path)
    try AtomicFile.write(Data(), to: path)
    #expect(try file.matrix()[1, 0] == 7)
    let error = #expect(throws: FormatError.self) { try MatrixMarketFile(path: folder.file("absent")) }
    #expect(error?.kind == .noInput)
    // A slice's indices do not start at 0.
    let slice = (Data("xyz".utf8) + Data(text.utf8))[3...]
    #expect(try MatrixMarketFile(data: slice, name: "f").matrix()[1, 0] == 7)
  }
}
