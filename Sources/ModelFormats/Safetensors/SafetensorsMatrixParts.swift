import TensorCore

/// The convention by which a safetensors file holds a sparse matrix NAME as compressed sparse rows.
///
/// | what | where |
/// |---|---|
/// | where each row starts, `[rows + 1]` | tensor `NAME.row_offsets`, I32 |
/// | the column of each entry, `[nnz]` | tensor `NAME.column_indices`, I32 |
/// | the value of each entry, `[nnz]` | tensor `NAME.values`, F32 (F16 and BF16 are read too) |
/// | the extents of the dense tensor, such as `64,128,3,3` | text `NAME.shape` in `__metadata__` |
///
/// The first extent is the rows, the product of the others the columns.
struct SafetensorsMatrixParts {
  static let rowOffsetsSuffix = ".row_offsets"

  let rowOffsets: String
  let columnIndices: String
  let values: String
  let shape: String

  init(_ name: String) {
    rowOffsets = name + Self.rowOffsetsSuffix
    columnIndices = name + ".column_indices"
    values = name + ".values"
    shape = name + ".shape"
  }

  /// The name of the matrix whose row offsets a tensor is, or nil if it is not named so.
  static func matrixName(ofRowOffsets tensorName: String) -> String? {
    // By bytes, since a letter before the suffix may compose with its dot.
    let (bytes, suffix) = (tensorName.utf8, rowOffsetsSuffix.utf8)
    guard bytes.suffix(suffix.count).elementsEqual(suffix) else { return nil }
    return String(Substring(bytes.dropLast(suffix.count)))
  }

  /// The rows and columns of a shape; nil for a scalar, which has no rows.
  static func extents(of shape: Shape) -> (rows: Int, columns: Int)? {
    guard let rows = shape.dimensions.first else { return nil }
    // Whatever the order of factors, this does not overflow: a shape's extents other than 0 have a product that fits.
    let others = shape.dimensions.dropFirst()
    return (rows, others.contains(0) ? 0 : others.reduce(1, *))
  }

  /// The text of a shape.
  static func encoded(_ shape: Shape) -> String {
    shape.dimensions.map { "\($0)" }.joined(separator: ",")
  }

  /// The extents in a text, or nil if it is not decimal integers from zero with a comma between two.
  static func extents(decoding text: String) -> [Int]? {
    guard text.utf8.count <= SafetensorsHeader.largestRank * 20 else { return nil }
    var extents: [Int] = []
    for field in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard field.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let extent = Int(field) else { return nil }
      if field.utf8.count > 1 && field.hasPrefix("0") { return nil }
      extents.append(extent)
    }
    return extents.count <= SafetensorsHeader.largestRank ? extents : nil
  }
}
