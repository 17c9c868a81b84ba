import CCXSparse
import TensorCore

/// A sparse matrix that CXSparse's `cs_gaxpy` multiplies, in double precision and compressed columns.
struct CXSparseMatrix: InterleavedProduct {
  let rows: Int
  let columns: Int
  /// Compressed columns.
  var entries: CompressedDoubles

  func multiply(
    _ input: UnsafePointer<Double>, columnStride: Int, count: Int, into output: UnsafeMutablePointer<Double>
  ) throws {
    output.update(repeating: 0, count: count * rows)
    try entries.offsets.withUnsafeBufferPointer { offsets in
      try entries.indices.withUnsafeBufferPointer { indices in
        try entries.values.withUnsafeBufferPointer { values in
          // nz = -1 is how CXSparse marks compressed columns. The product only reads. An empty array may have no
          // address, which gaxpy never follows but which its check refuses.
          let spare = UnsafeMutablePointer(mutating: input)
          var matrix = cs_di(
            nzmax: Int32(values.count), m: Int32(rows), n: Int32(columns),
            p: UnsafeMutablePointer(mutating: offsets.baseAddress),
            i: UnsafeMutablePointer(mutating: indices.baseAddress ?? offsets.baseAddress),
            x: values.baseAddress.map { UnsafeMutablePointer(mutating: $0) } ?? spare, nz: -1)
          for column in 0..<count {
            guard cs_di_gaxpy(&matrix, input + column * columnStride, output + column * rows) == 1 else {
              throw KernelError.library("CXSparse", function: "cs_di_gaxpy", status: 0, meaning: "invalid input")
            }
          }
        }
      }
    }
  }
}

/// `cs_gaxpy` of CXSparse, one column at a time, in double precision: the plainest SuiteSparse product; LGPL.
///
/// Davis, "Direct Methods for Sparse Linear Systems", SIAM 2006, <https://doi.org/10.1137/1.9780898718881>.
public struct CXSparseSpMM: SpMMProduct {
  /// `csparse`.
  public let name = "csparse"

  /// Creates the product.
  public init() {}

  /// Converts to compressed columns and widens the values.
  public func prepare(_ matrix: CSRMatrix) throws -> any PreparedSpMM {
    let columns = matrix.compressedColumns()
    return ChannelsLastSpMM(
      product: CXSparseMatrix(
        rows: columns.rows, columns: columns.columns,
        entries: CompressedDoubles(
          offsets: columns.columnOffsets, indices: columns.rowIndices, values: columns.values.map(Double.init))))
  }
}
