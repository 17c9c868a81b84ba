import Foundation
import TensorCore

/// Sparse matrices: three tensors and a text for each, as `docs/file-formats.md` describes.
///
///     let matrix = try file.matrix(named: "conv1.weight")
///     let weights = try matrix.dense(shape: file.matrixShape(named: "conv1.weight"))
extension SafetensorsFile {
  /// The names of the sparse matrices in the order of their data: every NAME of which there is a tensor
  /// `NAME.row_offsets`. If the other parts are missing, reading the matrix says so.
  public var matrixNames: [String] {
    tensorNames.compactMap(SafetensorsMatrixParts.matrixName)
  }

  /// The extents of the dense tensor that a sparse matrix stands for; the first is its rows, the product of the others
  /// its columns.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if the file has no such text or if it is no shape
  ///   of one to 64 extents.
  public func matrixShape(named matrixName: String) throws(FormatError) -> Shape {
    let key = SafetensorsMatrixParts(matrixName).shape
    let place = "metadata \(FormatError.quoted(key))"
    guard let text = metadata[key] else {
      throw FormatError(.badData, file: name, place: place, "is missing, expected the shape of a sparse matrix")
    }
    guard let extents = SafetensorsMatrixParts.extents(decoding: text) else {
      throw FormatError(
        .badData, file: name, place: place,
        "is \(FormatError.quoted(text)), expected one to \(SafetensorsHeader.largestRank) extents such as 64,128,3,3"
      )
    }
    do throws(ShapeError) { return try Shape(validating: extents) } catch {
      throw FormatError(.badData, file: name, place: place, error.description)
    }
  }

  /// Reads a sparse matrix; half-precision values become the `Float` of the same value.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData``, naming the tensor and the place in it, if a part is
  ///   missing, of another type or of another size than the shape says; if the parts are not compressed sparse rows; or
  ///   if a value is NaN or infinite and that is not allowed.
  /// - Complexity: O(rows + nnz), of which the file must hold every one before anything is allocated.
  public func matrix(named matrixName: String) throws(FormatError) -> CSRMatrix {
    let parts = SafetensorsMatrixParts(matrixName)
    let shape = try matrixShape(named: matrixName)
    guard let (rows, columns) = SafetensorsMatrixParts.extents(of: shape) else {
      throw FormatError(
        .badData, file: name, place: "metadata \(FormatError.quoted(parts.shape))", "is a scalar, expected rows")
    }
    // Sizes first, and from the header alone. No number of rows that is in a shape overflows here.
    try check(parts.rowOffsets, holds: rows + 1, "rows + 1 of shape \(shape)")
    let nnz = try entryCount(parts.columnIndices)
    try check(parts.values, holds: nnz, "as many as column indices")
    let rowOffsets = try integers(named: parts.rowOffsets)
    let columnIndices = try integers(named: parts.columnIndices)
    let values = try floats(named: parts.values)
    do throws(SparseMatrixError) {
      return try CSRMatrix(
        rows: rows, columns: columns, rowOffsets: rowOffsets, columnIndices: columnIndices, values: values)
    } catch {
      throw FormatError(.badData, file: name, place: place(of: error, in: parts), error.description)
    }
  }

  private func check(_ tensorName: String, holds count: Int, _ reason: String) throws(FormatError) {
    let found = try entryCount(tensorName)
    if found != count {
      throw FormatError(
        .badData, file: name, place: "tensor \(FormatError.quoted(tensorName))",
        "has \(found) elements, expected \(count), \(reason)")
    }
  }

  /// The length of a part, which must be a vector.
  private func entryCount(_ tensorName: String) throws(FormatError) -> Int {
    let shape = try entry(tensorName).shape
    guard shape.rank == 1 else {
      throw FormatError(
        .badData, file: name, place: "tensor \(FormatError.quoted(tensorName))",
        "has shape \(shape), expected one extent"
      )
    }
    return shape[0]
  }

  /// Reads a tensor of 32-bit integers.
  private func integers(named tensorName: String) throws(FormatError) -> [Int32] {
    let dtype = try entry(tensorName).dtype
    guard dtype == .i32 else {
      throw FormatError(
        .badData, file: name, place: "tensor \(FormatError.quoted(tensorName))",
        "dtype is \(dtype.rawValue), expected I32")
    }
    return try bytes(named: tensorName).withUnsafeBytes { bytes in
      let count = bytes.count / MemoryLayout<Int32>.size
      return [Int32](unsafeUninitializedCapacity: count) { elements, initializedCount in
        for index in 0..<count {
          let raw = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Int32>.size, as: Int32.self)
          elements.initializeElement(at: index, to: Int32(littleEndian: raw))
        }
        initializedCount = count
      }
    }
  }

  /// The tensor or the text to blame.
  private func place(of error: SparseMatrixError, in parts: SafetensorsMatrixParts) -> String {
    switch error {
    case .negativeExtent("nnz", _), .tooLarge("nnz", _): "tensor \(FormatError.quoted(parts.columnIndices))"
    case .negativeExtent, .tooLarge: "metadata \(FormatError.quoted(parts.shape))"
    case .columnOutOfRange, .columnsNotIncreasing, .rowOutOfRange: "tensor \(FormatError.quoted(parts.columnIndices))"
    case .rowOffsetCount, .firstRowOffset, .lastRowOffset, .decreasingRowOffset:
      "tensor \(FormatError.quoted(parts.rowOffsets))"
    case .valueCount: "tensor \(FormatError.quoted(parts.values))"
    }
  }
}
