import Foundation
import ModelFormats
import Testing

@Suite struct MatrixMarketRefusalTests {
  private static let banner = "%%MatrixMarket matrix coordinate real general\n"
  private static let arrayBanner = "%%MatrixMarket matrix array real general\n"

  static let banners = [
    ("", "line 1: file ends, expected '%%MatrixMarket'"),
    ("\n" + banner, "line 1: line ends, expected '%%MatrixMarket'"),
    ("%MatrixMarket matrix", "line 1: found '%MatrixMarket', expected '%%MatrixMarket'"),
    ("%%MatrixMarket", "line 1: file ends, expected 'matrix'"),
    ("%%MatrixMarket vector coordinate real general\n", "line 1: found 'vector', expected 'matrix'"),
    ("%%MatrixMarket matrix dense real general\n", "line 1: found 'dense', expected 'coordinate' or 'array'"),
    (
      "%%MatrixMarket matrix array complex general\n1 1\n1 1\n",
      "line 1: found 'complex', expected 'real', 'integer' or 'pattern'"
    ),
    (
      "%%MatrixMarket matrix coordinate real hermitian\n",
      "line 1: found 'hermitian', expected 'general', 'symmetric' or 'skew-symmetric'"
    ),
    (
      "%%MatrixMarket matrix coordinate real\n1 1 1\n",
      "line 1: line ends, expected 'general', 'symmetric' or 'skew-symmetric'"
    ),
    ("%%MatrixMarket matrix coordinate real general x\n", "line 1: found 'x', expected the end of the banner"),
    (
      "%%MatrixMarket matrix array pattern general\n",
      "line 1: an array of 'pattern' has no elements, expected 'real' or 'integer'"
    ),
  ]

  static let sizes = [
    (banner, "line 2: file ends, expected the number of rows"),
    (banner + "% a\n\n", "line 4: file ends, expected the number of rows"),
    (banner + "2 2\n1 1 1\n", "line 2: line ends, expected the number of entries"),
    (banner + "2 2 1 1\n1 1 1\n", "line 2: found '1', expected the end of the size line"),
    (banner + "2 -2 1\n1 1 1\n", "line 2: found '-2', expected the number of columns"),
    (banner + "2.0 2 1\n1 1 1\n", "line 2: found '2.0', expected the number of rows"),
    (arrayBanner + "2\n1\n1\n", "line 2: line ends, expected the number of columns"),
    (arrayBanner + "1 1 1\n1\n", "line 2: found '1', expected the end of the size line"),
    (banner + "%\n2147483647 2 0\n", "line 3: the number of rows is 2147483647, expected less than 2147483647"),
    (banner + "2 2147483647 0\n", "line 2: the number of columns is 2147483647, expected less than 2147483647"),
    (banner + "2 2 2147483647\n", "line 2: the number of entries is 2147483647, expected less than 2147483647"),
    (
      banner + "2 99999999999999999999 1\n",
      "line 2: found '99999999999999999999', expected at most 9223372036854775807"
    ),
    (
      "%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n2 1 1\n",
      "line 2: size is 2 x 3, expected a square, for the matrix is symmetric"
    ),
    (
      "%%MatrixMarket matrix array real skew-symmetric\n2 3\n1\n",
      "line 2: size is 2 x 3, expected a square, for the matrix is skew-symmetric"
    ),
    (banner + "0 3 1\n1 1 1\n", "line 2: 1 entries in 0 x 3, expected none"),
    (
      banner + "2 2 1000000\n1 1 1\n",
      "line 2: 1000000 lines of 6 bytes or more are to follow, expected no more than the 6 bytes that do"
    ),
    (
      "%%MatrixMarket matrix coordinate pattern general\n9 9 3\n1 1\n1 1\n1 ",
      "line 2: 3 lines of 4 bytes or more are to follow, expected no more than the 10 bytes that do"
    ),
    (
      arrayBanner + "2000000000 2000000000\n1\n1\n",
      "line 2: 4000000000000000000 lines of 2 bytes or more are to follow, expected no more than the 4 bytes that do"
    ),
  ]

  @Test(arguments: banners + sizes) func theHeaderIsRefused(text: String, message: String) {
    let error = #expect(throws: FormatError.self) { try MatrixMarketFile(data: Data(text.utf8), name: "f") }
    #expect(error?.description == "f: \(message)")
    #expect(error?.kind == .badData)
  }

  static let entries = [
    ("2 2 1\n0 1 1\n", "line 3: row is 0, expected 1...2"),
    ("2 2 1\n1 0 1\n", "line 3: column is 0, expected 1...2"),
    ("2 3 2\n2 3 1\n3 1 1\n", "line 4: row is 3, expected 1...2"),
    ("2 3 1\n1 4 1\n", "line 3: column is 4, expected 1...3"),
    ("2 3 1\n-1 4 1\n", "line 3: found '-1', expected a row"),
    ("2 3 1\n1.0 4 1\n", "line 3: found '1.0', expected a row"),
    ("2 3 1\n1 4294967297 1\n", "line 3: column is 4294967297, expected 1...3"),
    ("2 3 1\n1 1 5 6\n", "line 3: found '6', expected the end of the line"),
    ("2 3 1\n1 1     \n", "line 3: line ends, expected a number"),
    ("2 3 1\n1 1\n5\n\n", "line 3: line ends, expected a number"),
    ("2 3 1\n1     \n", "line 3: line ends, expected a column"),
    ("2 3 1\n1 1 1d5\n", "line 3: found '1d5', expected a number"),
    ("2 3 2\n1 1 5555555\n", "line 4: file ends after 1 entries, expected 2"),
    ("2 3 2\n1 1 5555555\n\n \n", "line 6: file ends after 1 entries, expected 2"),
    ("2 3 2\n1 1 1 1 1 1\n", "line 3: found '1', expected the end of the line"),
    ("2 3 3\n1 1 1\n1 2 x\n3 1 1\n1 1 1\n", "line 4: found 'x', expected a number"),
    ("2 3 1\n1 1 1\n1 2 1\n", "line 4: found '1', expected the end of the file after 1 entries"),
    ("2 3 1\n1 1 1\n% a\n", "line 4: found '%', expected the end of the file after 1 entries"),
    ("2 3 2\n1 1 1\n% a\n1 1 1\n", "line 4: found '%', expected a row"),
    ("2 3 2\n1 1 1.125\n2 3", "line 4: file ends, expected a number"),
    ("2 3 2\n1 1 1.125\n2 3 -", "line 4: found '-', expected a number"),
    ("2 3 2\n1 1 1.125\n2 ", "line 4: file ends, expected a column"),
    ("2 3 2\n1 1 1.125\n2 3 1e", "line 4: found '1e', expected a number"),
  ]

  @Test(arguments: entries) func theEntryIsRefused(text: String, message: String) throws {
    try expectRefusal(of: Self.banner + text, message)
  }

  static let others = [
    ("coordinate integer general\n1 1 1\n1 1 3.5\n", "line 3: found '3.5', expected an integer"),
    ("coordinate integer general\n1 1 1\n1 1 nan\n", "line 3: found 'nan', expected an integer"),
    ("coordinate pattern general\n1 1 1\n1 1 3\n", "line 3: found '3', expected the end of the line"),
    (
      "coordinate real skew-symmetric\n2 2 2\n2 1 3\n2 2 1\n",
      "line 4: value on the diagonal is 1.0, expected 0, for the matrix is skew-symmetric"
    ),
    (
      "coordinate pattern skew-symmetric\n2 2 1\n2 2\n",
      "line 3: value on the diagonal is 1.0, expected 0, for the matrix is skew-symmetric"
    ),
    ("array real general\n2 1\n10\n", "line 4: file ends, expected 2"),
    ("array real general\n2 1\n1 2\n", "line 3: found '2', expected the end of the line"),
    ("array real general\n2 1\n1\n2\n3\n", "line 5: found '3', expected the end of the file after 2 entries"),
    ("array real general\n2 1\n1\n%\n2\n", "line 4: found '%', expected a number"),
    ("array real symmetric\n2 2\n1\n2\n3\n4\n", "line 6: found '4', expected the end of the file after 3 entries"),
    ("array real general\n0 0\n3\n", "line 3: found '3', expected the end of the file after 0 entries"),
  ]

  @Test(arguments: others) func theBodyIsRefused(text: String, message: String) throws {
    try expectRefusal(of: "%%MatrixMarket matrix " + text, message)
  }

  /// The file opens, and both ways of reading it end with the message.
  private func expectRefusal(of text: String, _ message: String) throws {
    let file = try MatrixMarketFile(data: Data(text.utf8), name: "f")
    let matrixError = #expect(throws: FormatError.self) { try file.matrix() }
    #expect(matrixError?.description == "f: \(message)")
    let tensorError = #expect(throws: FormatError.self) { try file.tensor() }
    #expect(tensorError?.description == "f: \(message)")
  }

  @Test func rowsAreLimitedByTheFilesSize() throws {
    let text = Self.banner + "2000000 2 1\n1 1 1\n"
    let problem =
      "a matrix of 2000000 rows and 0 entries takes 8000004 bytes, expected at most 983296 from a file of \(text.utf8.count)"
    let file = try MatrixMarketFile(data: Data(text.utf8), name: "f")
    #expect(throws: FormatError(.badData, file: "f", problem)) { try file.matrix() }
    // Every file may have this many; and with its size their number grows.
    let small = Self.banner + "131072 2 1\n1 1 1\n"
    #expect(try MatrixMarketFile(data: Data(small.utf8), name: "f").matrix().rows == 131_072)
    let padded = Self.banner + String(repeating: "% comment\n", count: 200_000) + "2000000 2 1\n1 1 1\n"
    #expect(try MatrixMarketFile(data: Data(padded.utf8), name: "f").matrix().rows == 2_000_000)
  }

  @Test func elementsAreLimitedByTheFilesSize() throws {
    let text = Self.banner + "2000 1000 1\n1 1 1\n"
    let problem = "a tensor of 2000 x 1000 elements takes 8000000 bytes, expected at most 983296 from a file of "
    let file = try MatrixMarketFile(data: Data(text.utf8), name: "f")
    let expected = FormatError(.badData, file: "f", problem + "\(text.utf8.count); read it as a sparse matrix")
    #expect(throws: expected) { try file.tensor() }
    #expect(try file.matrix().nnz == 1)
    let huge = Self.banner + "2147483646 2147483646 1\n1 1 1\n"
    #expect(throws: FormatError.self) { try MatrixMarketFile(data: Data(huge.utf8), name: "f").tensor() }
    #expect(throws: FormatError.self) { try MatrixMarketFile(data: Data(huge.utf8), name: "f").matrix() }
    let flat = Self.arrayBanner + "0 2147483646\n"
    #expect(try MatrixMarketFile(data: Data(flat.utf8), name: "f").tensor().shape == [0, 2_147_483_646])
  }

  @Test func everyCutOfAGoodFileIsRefused() throws {
    let body = "2 3 3\n1 1 1\n2 3 -4\n1 2 7\n"
    for banner in [Self.banner, Self.banner.replacingOccurrences(of: "real", with: "integer")] {
      let bytes = Data((banner + body).utf8)
      // Without its last line feed, the file is whole.
      for count in 0..<bytes.count - 1 {
        #expect(throws: FormatError.self, "\(count) bytes") {
          _ = try MatrixMarketFile(data: bytes.prefix(count), name: "f").matrix()
        }
      }
      #expect(try MatrixMarketFile(data: bytes.dropLast(), name: "f").matrix().nnz == 3)
    }
  }
}
