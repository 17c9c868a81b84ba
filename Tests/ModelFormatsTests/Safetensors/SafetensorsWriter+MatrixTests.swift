import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct SafetensorsWriterMatrixTests {
  private let matrix: CSRMatrix

  init() throws {
    matrix = try CSRMatrix(
      rows: 2, columns: 4, rowOffsets: [0, 1, 3], columnIndices: [3, 0, 2], values: [1, -2, 0.5])
  }

  @Test func theBytesAreThese() throws {
    var writer = SafetensorsWriter(metadata: ["a": "b"])
    try writer.add(matrix, named: "m", shape: [2, 2, 2])
    try writer.add(Tensor([7], shape: [1]), named: "t")
    let header =
      #"{"__metadata__":{"a":"b","m.shape":"2,2,2"},"m.row_offsets":{"dtype":"I32","shape":[3],"data_offsets":[0,12]},"#
      + #""m.column_indices":{"dtype":"I32","shape":[3],"data_offsets":[12,24]},"#
      + #""m.values":{"dtype":"F32","shape":[3],"data_offsets":[24,36]},"#
      + #""t":{"dtype":"F32","shape":[1],"data_offsets":[36,40]}}"#
    let padded = header + String(repeating: " ", count: -header.utf8.count & 7)
    let data =
      littleEndianBytes([0, 1, 3, 3, 0, 2] as [Int32]) + littleEndianBytes([1, -2, 0.5, 7] as [Float])
    #expect(try writer.data(name: "f") == safetensorsBytes(header: padded, data: data))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var generator = SeededGenerator(seed: 13)
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    // Names in which the dot of a suffix composes with the letter before it, or in which it stands alone.
    let names = ["conv1.weight", "", "\u{600}", "e\u{301}", "a.row_offsets", "big"]
    let shapes: [Shape] = [[3, 2, 3, 3], [1, 1], [0, 5], [4, 0], [7], [3, 200_003]]
    var writer = SafetensorsWriter()
    var matrices: [CSRMatrix] = []
    for (name, shape) in zip(names, shapes) {
      matrices.append(try CSRMatrix(Tensor.random(shape, using: &generator).magnitudePruned(sparsity: 0.5)))
      try writer.add(matrices[matrices.count - 1], named: name, shape: shape)
    }
    try writer.add(matrix, named: "without a shape")
    try writer.write(to: path)
    #expect(try contents(of: path) == writer.data(name: "f"), "in memory and on disk alike")
    let file = try SafetensorsFile(path: path)
    #expect(file.matrixNames == names + ["without a shape"])
    for (index, name) in names.enumerated() {
      #expect(try file.matrix(named: name) == matrices[index], "\(name)")
      #expect(try file.matrixShape(named: name) == shapes[index], "\(name)")
    }
    #expect(try file.matrix(named: "without a shape") == matrix)
    #expect(try file.matrixShape(named: "without a shape") == [2, 4])
  }

  @Test func shapesThatAreNotTheMatrixesAreRefused() throws {
    var writer = SafetensorsWriter()
    for shape in [[], [8], [4, 2], [2, 2, 3], Shape([2, 4] + [Int](repeating: 1, count: 63))] as [Shape] {
      #expect(
        throws: FormatError(
          .badData, file: "safetensors", place: "matrix 'm'",
          "shape is \(shape), expected 2 rows of 4 in at most 64 extents")
      ) { try writer.add(matrix, named: "m", shape: shape) }
    }
    #expect(try SafetensorsFile(data: writer.data(name: "f"), name: "f").matrixNames.isEmpty)
  }

  @Test func takenNamesAreRefusedAndNothingIsAdded() throws {
    var writer = SafetensorsWriter(metadata: ["n.shape": "mine"])
    try writer.add(Tensor(zeros: [1]), named: "m.values")
    #expect(
      throws: FormatError(
        .badData, file: "safetensors", place: "tensor 'm.values'", "name is repeated, expected each tensor once")
    ) { try writer.add(matrix, named: "m") }
    #expect(
      throws: FormatError(
        .badData, file: "safetensors", place: "metadata 'n.shape'",
        "is taken, expected it free for the shape of a sparse matrix")
    ) { try writer.add(matrix, named: "n") }
    let file = try SafetensorsFile(data: writer.data(name: "f"), name: "f")
    #expect(file.tensorNames == ["m.values"] && file.metadata == ["n.shape": "mine"])
    try writer.add(matrix, named: "p")
    #expect(throws: FormatError.self) { try writer.add(matrix, named: "p") }
    #expect(try SafetensorsFile(data: writer.data(name: "f"), name: "f").matrix(named: "p") == matrix)
  }
}
