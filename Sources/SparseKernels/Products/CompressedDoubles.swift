/// The entries of a sparse matrix in double precision, compressed along one axis: what CHOLMOD takes by rows and CXSparse
/// by columns.
struct CompressedDoubles: Sendable {
  /// Where each row, or column, starts; one element more than there are of them.
  let offsets: [Int32]
  /// The column, or row, of each entry.
  let indices: [Int32]
  /// The value of each entry.
  var values: [Double]

  /// Stored entries.
  var nnz: Int { values.count }

  /// The bytes of the three arrays.
  var byteCount: Int {
    (offsets.count + indices.count) * MemoryLayout<Int32>.stride + values.count * MemoryLayout<Double>.stride
  }
}
