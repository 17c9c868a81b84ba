import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct MatrixMarketWriterTests {
  private func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }

  @Test func theBytesAreThoseOfTheFormat() throws {
    let matrix = try CSRMatrix(
      rows: 2, columns: 3, rowOffsets: [0, 2, 3], columnIndices: [0, 2, 1], values: [1, -0.1, 1e30])
    #expect(
      text(MatrixMarketWriter.data(matrix))
        == "%%MatrixMarket matrix coordinate real general\n2 3 3\n1 1 1\n1 3 -0.1\n2 2 1e+30\n")
    #expect(
      text(MatrixMarketWriter.data(matrix.pattern))
        == "%%MatrixMarket matrix coordinate pattern general\n2 3 3\n1 1\n1 3\n2 2\n")
    let tensor = Tensor([1, 2, 3, 4, 5, 6.5], shape: [2, 3])
    #expect(
      try text(MatrixMarketWriter.data(tensor, name: "f"))
        == "%%MatrixMarket matrix array real general\n2 3\n1\n4\n2\n5\n3\n6.5\n")
  }

  @Test(arguments: WeightPattern.allCases) func matricesReadBackExactly(weights: WeightPattern) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.mtx")
    var generator = SeededGenerator(seed: 12)
    for (rows, columns) in [(1, 1), (3, 70), (64, 33)] {
      let matrix = try weights.floats(rows: rows, columns: columns, using: &generator)
      try MatrixMarketWriter.write(matrix, to: path)
      #expect(try MatrixMarketFile(path: path).matrix() == matrix)
      #expect(try contents(of: path) == MatrixMarketWriter.data(matrix))
      try MatrixMarketWriter.write(matrix.pattern, to: path)
      let pattern = try MatrixMarketFile(path: path).matrix()
      #expect(pattern.pattern == matrix.pattern && pattern.values.allSatisfy { $0 == 1 })
      #expect(try contents(of: path) == MatrixMarketWriter.data(matrix.pattern))
      let tensor = matrix.dense()
      try MatrixMarketWriter.write(tensor, to: path)
      #expect(try MatrixMarketFile(path: path).tensor() == tensor)
      #expect(try contents(of: path) == MatrixMarketWriter.data(tensor, name: "f"))
    }
  }

  @Test func everyKindOfValueReadsBackExactly() throws {
    var generator = SeededGenerator(seed: 13)
    var values: [Float] = [
      0, -0, 1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
    ]
    while values.count < 999 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      values.append(value.isNaN ? .nan : value)
    }
    let tensor = Tensor(values, shape: [27, 37])
    let file = try MatrixMarketFile(
      data: MatrixMarketWriter.data(tensor, name: "f"), name: "f", allowingNonfinite: true)
    #expect(try file.tensor().values.map(\.bitPattern) == values.map(\.bitPattern))
    let matrix = try CSRMatrix(
      rows: 1, columns: 999, rowOffsets: [0, 999], columnIndices: Array(0..<999), values: values)
    let sparse = try MatrixMarketFile(data: MatrixMarketWriter.data(matrix), name: "f", allowingNonfinite: true)
    #expect(try sparse.matrix().values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func emptyMatricesReadBack() throws {
    for (rows, columns) in [(0, 0), (0, 5), (5, 0)] {
      let tensor = Tensor(zeros: [rows, columns])
      let file = try MatrixMarketFile(data: MatrixMarketWriter.data(tensor, name: "f"), name: "f")
      #expect(try file.tensor() == tensor)
      let matrix = try CSRMatrix(tensor)
      #expect(try file.matrix() == matrix)
      #expect(try MatrixMarketFile(data: MatrixMarketWriter.data(matrix), name: "f").matrix() == matrix)
    }
  }

  @Test func onlyTensorsOfTwoDimensionsAreWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.mtx")
    let tensor = Tensor(zeros: [2, 3, 1])
    let problem = "tensor has shape [2, 3, 1], expected two dimensions"
    #expect(throws: FormatError(.badData, file: path, problem)) { try MatrixMarketWriter.write(tensor, to: path) }
    #expect(throws: FormatError(.badData, file: "f", problem)) { try MatrixMarketWriter.data(tensor, name: "f") }
    #expect(try folder.names.isEmpty)
  }
}
