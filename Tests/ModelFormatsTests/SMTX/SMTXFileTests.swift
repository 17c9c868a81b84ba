import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct SMTXFileTests {
  private func pattern(_ text: String) throws(FormatError) -> SparsityPattern {
    try SMTXFile.pattern(data: Data(text.utf8), name: "f")
  }

  @Test func aFileOfTheCollectionIsRead() throws {
    let expected = try SparsityPattern(
      rows: 3, columns: 4, rowOffsets: [0, 2, 2, 5], columnIndices: [1, 3, 0, 1, 2])
    #expect(try pattern("3, 4, 5\n0 2 2 5\n1 3 0 1 2\n") == expected)
    // The collection's own files have a blank at the end of each line; others have other blanks and line ends.
    #expect(try pattern("3, 4, 5 \n0 2 2 5 \n1 3 0 1 2 ") == expected)
    #expect(try pattern(" 3,4 ,\t5\r\n 0\t2 2  5\r\n1 3 0 1 2\r\n\r\n \n") == expected)
    #expect(try pattern("3, 4, 5\n0 2 2 5\n3 1 2 0 1") == expected)
  }

  @Test(arguments: [
    ("0, 0, 0\n0", 0, 0), ("0, 7, 0\n0\n\n", 0, 7), ("2, 0, 0\n0 0 0\n", 2, 0), ("2, 3, 0\n0 0 0\n \n", 2, 3),
    ("2, 3, 0\n0 0 0", 2, 3),
  ])
  func nothingStoredIsRead(text: String, rows: Int, columns: Int) throws {
    let pattern = try pattern(text)
    #expect(pattern.rows == rows && pattern.columns == columns && pattern.nnz == 0)
    #expect(pattern.rowOffsets == Array(repeating: 0, count: rows + 1))
  }

  @Test func whatIsWrittenReadsBack() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: 3)
    for (rows, columns) in [(0, 0), (0, 4), (4, 0), (1, 1), (7, 13), (64, 300), (1_000, 3)] {
      for sparsity in [0, 0.5, 0.9, 1] {
        let pattern = try SparsityPattern.random(rows: rows, columns: columns, sparsity: sparsity, using: &generator)
        let path = folder.file("a.smtx")
        try SMTXFile.write(pattern, to: path)
        #expect(try SMTXFile.pattern(path: path) == pattern)
        #expect(try contents(of: path) == SMTXFile.data(pattern))
      }
    }
  }

  @Test func theBytesAreThoseOfTheCollection() throws {
    let pattern = try SparsityPattern(rows: 2, columns: 4, rowOffsets: [0, 2, 3], columnIndices: [1, 3, 0])
    #expect(String(decoding: SMTXFile.data(pattern), as: UTF8.self) == "2, 4, 3\n0 2 3\n1 3 0\n")
  }

  static let refusals = [
    ("", "line 1: file ends, expected the number of rows"),
    ("\n", "line 1: line ends, expected the number of rows"),
    ("2 3 1\n", "line 1: found '3', expected ','"),
    ("2, 3\n", "line 1: line ends, expected ','"),
    ("2, 3,\n", "line 1: line ends, expected the number of entries"),
    ("2, -3, 1\n", "line 1: found '-3,', expected the number of columns"),
    ("2, 3, 1, 4\n", "line 1: found '1,', expected the number of entries"),
    ("2, 3, 1 4\n", "line 1: found '4', expected the end of the line"),
    ("2147483647, 1, 0\n", "line 1: the number of rows is 2147483647, expected less than 2147483647"),
    ("1, 3000000000, 0\n", "line 1: the number of columns is 3000000000, expected less than 2147483647"),
    ("1, 1, 2147483647\n", "line 1: the number of entries is 2147483647, expected less than 2147483647"),
    (
      "1000000, 1, 0\n0 0 0\n",
      "line 2: 1000001 row offsets are to follow, expected no more than fit in the 6 bytes that do"
    ),
    (
      "1, 9, 1000000\n0 1000000\n1 2\n",
      "line 3: 1000000 column indices are to follow, expected no more than fit in the 4 bytes that do"
    ),
    ("2, 3, 2\n1 1 2\n0 0\n", "line 2: row offset 0 is 1, expected 0, the start of the first row"),
    ("2, 3, 2\n0 2 1\n0 1\n", "line 2: row offset 2 is 1, expected 2 or more, for no row ends before it starts"),
    ("2, 3, 2\n0 3 2\n0 1\n", "line 2: row offset 1 is 3, expected at most 2, the number of entries"),
    ("2, 3, 2\n0 1 1\n0 1\n", "line 2: row offset 2 is 1, expected 2, the number of entries"),
    ("2, 3, 2\n0 1 3\n0 1 2\n", "line 2: row offset 2 is 3, expected 2, the number of entries"),
    ("0, 3, 2\n0\n0 1\n", "line 2: row offset 0 is 0, expected 2, the number of entries"),
    ("2, 3, 2\n0 1\n0 1\n", "line 2: line ends, expected row offset 2 of 3"),
    ("2, 3, 2\n0 1 2 2\n0 1\n", "line 2: found '2', expected the end of the line after 3 row offsets"),
    ("2, 3, 2\n0 x 2\n0 1\n", "line 2: found 'x', expected row offset 1 of 3"),
    ("2, 3, 2\n0 1 2\n0 3\n", "line 3: column index 1 is 3, expected less than 3, the number of columns"),
    ("2, 3, 2\n0 1 2\n0 -1\n", "line 3: found '-1', expected column index 1 of 2"),
    ("2, 3, 2\n0 1 2\n100\n", "line 3: column index 0 is 100, expected less than 3, the number of columns"),
    ("2, 3, 2\n0 1 2\n1  \n", "line 3: line ends, expected column index 1 of 2"),
    ("2, 3, 2\n0 1 2\n0 1 2\n", "line 3: found '2', expected the end of the line after 2 column indices"),
    ("2, 3, 3\n0 1 3\n0 2 2\n", "line 3: row 1 has column 2 twice, expected it once"),
    ("2, 3, 3\n0 0 3\n1 2 1\n", "line 3: row 1 has column 1 twice, expected it once"),
    ("2, 3, 2\n0 1 2\n0 1\n\n7\n", "line 5: found '7', expected the end of the file"),
    ("2, 3, 0\n0 0 0\n1\n", "line 3: found '1', expected the end of the line after 0 column indices"),
    ("2, 3, 2\n0 1 2", "line 2: 2 column indices are to follow, expected no more than fit in the 0 bytes that do"),
  ]

  @Test(arguments: refusals) func theFileIsRefused(text: String, message: String) {
    let error = #expect(throws: FormatError.self) { try pattern(text) }
    #expect(error?.description == "f: \(message)")
    #expect(error?.kind == .badData)
  }

  @Test func absentInputIsToldFromBadInput() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FormatError.self) { try SMTXFile.pattern(path: folder.file("absent")) }
    #expect(error?.kind == .noInput)
    let nowhere = #expect(throws: FormatError.self) {
      try SMTXFile.write(SparsityPattern(mask: [], rows: 0, columns: 0), to: folder.file("absent/a"))
    }
    #expect(nowhere?.kind == .cannotWrite)
  }
}
