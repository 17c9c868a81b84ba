import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

/// A file with one sparse matrix, `m`, each part of which may be wrong or, where nil, missing.
struct MatrixFile {
  var shape: String? = "2,2,2"
  var rowOffsets: [Int32]? = [0, 1, 3]
  var columnIndices: [Int32]? = [3, 0, 2]
  var values: [Float]? = [1, -2, 0.5]
  var indexType = "I32"
  var valueType = "F32"

  var bytes: Data {
    var members: [String] = []
    var data = Data()
    func add(_ name: String, _ dtype: String, _ count: Int, _ bytes: Data) {
      let range = "[\(data.count),\(data.count + bytes.count)]"
      members.append(#""m.\#(name)":{"dtype":"\#(dtype)","shape":[\#(count)],"data_offsets":\#(range)}"#)
      data += bytes
    }
    if let rowOffsets { add("row_offsets", indexType, rowOffsets.count, littleEndianBytes(rowOffsets)) }
    if let columnIndices { add("column_indices", "I32", columnIndices.count, littleEndianBytes(columnIndices)) }
    if let values {
      let bits = values.map(\.bitPattern)
      let halves = valueType == "BF16" ? bits.map { UInt16($0 >> 16) } : []
      add("values", valueType, values.count, halves.isEmpty ? littleEndianBytes(bits) : littleEndianBytes(halves))
    }
    if let shape { members.append(#""__metadata__":{"m.shape":"\#(shape)"}"#) }
    return safetensorsBytes(header: "{\(members.joined(separator: ","))}", data: data)
  }

  func matrix(allowingNonfinite: Bool = false) throws -> CSRMatrix {
    try SafetensorsFile(data: bytes, name: "f", allowingNonfinite: allowingNonfinite).matrix(named: "m")
  }
}

@Suite struct SafetensorsFileMatrixTests {
  @Test func theConventionIsRead() throws {
    let expected = try CSRMatrix(
      rows: 2, columns: 4, rowOffsets: [0, 1, 3], columnIndices: [3, 0, 2], values: [1, -2, 0.5])
    #expect(try MatrixFile().matrix() == expected)
    #expect(try MatrixFile(valueType: "BF16").matrix() == expected)
    let file = try SafetensorsFile(data: MatrixFile().bytes, name: "f")
    #expect(file.matrixNames == ["m"])
    #expect(try file.matrixShape(named: "m") == [2, 2, 2])
    #expect(file.tensorNames == ["m.row_offsets", "m.column_indices", "m.values"], "the parts are tensors too")
  }

  @Test func matricesWithoutRowsColumnsOrEntriesAreRead() throws {
    for (shape, offsets, rows, columns) in [
      ("0,3", [0], 0, 3), ("2,0", [0, 0, 0], 2, 0), ("2", [0, 0, 0], 2, 1), ("1,2147483646", [0, 0], 1, 2_147_483_646),
      ("1,0,1152921504606846975", [0, 0], 1, 0),
    ] as [(String, [Int32], Int, Int)] {
      let matrix = try MatrixFile(shape: shape, rowOffsets: offsets, columnIndices: [], values: []).matrix()
      #expect(matrix.rows == rows && matrix.columns == columns && matrix.nnz == 0, "\(shape)")
    }
  }

  @Test func everyFileCutShortIsRefused() {
    let whole = MatrixFile().bytes
    for count in 0..<whole.count {
      #expect(throws: FormatError.self, "\(count)") {
        try SafetensorsFile(data: whole.prefix(count), name: "f").matrix(named: "m")
      }
    }
  }

  @Test func nonfiniteValuesAreReadWhereAllowed() throws {
    let file = MatrixFile(values: [1, .infinity, .nan])
    #expect(try file.matrix(allowingNonfinite: true).values[1] == .infinity)
    expectRefusal(file, "tensor 'm.values': element 1 is inf, expected a finite number")
  }

  @Test func missingPartsAreRefused() {
    expectRefusal(MatrixFile(shape: nil), "metadata 'm.shape': is missing, expected the shape of a sparse matrix")
    let others = { (first: String, second: String) in "expected one of 'm.\(first)', 'm.\(second)'" }
    expectRefusal(
      MatrixFile(rowOffsets: nil), "has no tensor 'm.row_offsets', \(others("column_indices", "values"))")
    expectRefusal(
      MatrixFile(columnIndices: nil), "has no tensor 'm.column_indices', \(others("row_offsets", "values"))")
    expectRefusal(MatrixFile(values: nil), "has no tensor 'm.values', \(others("row_offsets", "column_indices"))")
  }

  @Test func wrongTypesAreRefused() {
    expectRefusal(MatrixFile(indexType: "F32"), "tensor 'm.row_offsets': dtype is F32, expected I32")
    expectRefusal(MatrixFile(indexType: "U32"), "tensor 'm.row_offsets': dtype is U32, expected I32")
    expectRefusal(MatrixFile(valueType: "I32"), "tensor 'm.values': dtype is I32, expected F32, F16 or BF16")
  }

  @Test(arguments: [
    "", ",", "2,", "2,,4", " 2,4", "2, 4", "+2,4", "-2,4", "02,4", "2;4", "two", "2.0,4", "9223372036854775808",
    String(repeating: "1,", count: 64) + "1", String(repeating: "1", count: 2_000),
  ])
  func textsThatAreNoShapeAreRefused(text: String) {
    let shown = text.count > 80 ? text.prefix(80) + "..." : text
    expectRefusal(
      MatrixFile(shape: text), "metadata 'm.shape': is '\(shown)', expected one to 64 extents such as 64,128,3,3")
  }

  @Test func lyingShapesAreRefused() {
    expectRefusal(
      MatrixFile(shape: "3,4"),
      "tensor 'm.row_offsets': has 3 elements, expected 4, rows + 1 of shape [3, 4]")
    expectRefusal(
      MatrixFile(shape: "1000000000000,4"),
      "tensor 'm.row_offsets': has 3 elements, expected 1000000000001, rows + 1 of shape [1000000000000, 4]")
    expectRefusal(
      MatrixFile(shape: "2,2"), "tensor 'm.column_indices': row 0 has column 3, expected 0..<2")
    expectRefusal(
      MatrixFile(shape: "2,2147483647"), "metadata 'm.shape': columns is 2147483647, expected less than 2147483647")
    expectRefusal(
      MatrixFile(shape: "2,4611686018427387904"),
      "metadata 'm.shape': shape [2, 4611686018427387904]: the number of elements does not fit in 63 bits of address")
  }

  @Test func partsThatAreNoCompressedRowsAreRefused() {
    expectRefusal(MatrixFile(rowOffsets: [1, 1, 3]), "tensor 'm.row_offsets': rowOffsets starts at 1, expected 0")
    expectRefusal(
      MatrixFile(rowOffsets: [0, 1, 2]), "tensor 'm.row_offsets': rowOffsets reaches 2, expected to end at nnz = 3")
    expectRefusal(
      MatrixFile(rowOffsets: [0, -1, 3]),
      "tensor 'm.row_offsets': rowOffsets decreases at row 0, expected it never to decrease")
    expectRefusal(
      MatrixFile(rowOffsets: [0, .max, 3]),
      "tensor 'm.row_offsets': rowOffsets reaches 2147483647, expected to end at nnz = 3")
    expectRefusal(
      MatrixFile(columnIndices: [3, 0, 4]), "tensor 'm.column_indices': row 1 has column 4, expected 0..<4")
    expectRefusal(
      MatrixFile(columnIndices: [-1, 0, 2]), "tensor 'm.column_indices': row 0 has column -1, expected 0..<4")
    expectRefusal(
      MatrixFile(columnIndices: [3, 2, 2]),
      "tensor 'm.column_indices': row 1 has column 2 after 2, expected strictly increasing columns")
    expectRefusal(MatrixFile(values: [1]), "tensor 'm.values': has 1 elements, expected 3, as many as column indices")
    expectRefusal(
      MatrixFile(values: [1, 2, 3, 4]), "tensor 'm.values': has 4 elements, expected 3, as many as column indices")
  }

  @Test func partsOfMoreThanOneExtentAreRefused() throws {
    var writer = SafetensorsWriter(metadata: ["m.shape": "2,4"])
    try writer.add(Tensor(zeros: [3, 1]), named: "m.row_offsets")
    let file = try SafetensorsFile(data: writer.data(name: "f"), name: "f")
    #expect(
      throws: FormatError(
        .badData, file: "f", place: "tensor 'm.row_offsets'", "has shape [3, 1], expected one extent")
    ) { try file.matrix(named: "m") }
  }

  private func expectRefusal(
    _ file: MatrixFile, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: FormatError.self, sourceLocation: sourceLocation) { try file.matrix() }
    #expect(error?.kind == .badData && error?.description == "f: \(message)", sourceLocation: sourceLocation)
  }
}
