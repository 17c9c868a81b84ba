import COpenBLAS

/// OpenBLAS, told once per process to stay on the calling thread: we split the work ourselves.
package enum OpenBLAS {
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// Computes `c = a * b`, or `c += a * b`, on row-major matrices.
  ///
  /// - Parameters:
  ///   - rows, columns, depth: `a` is `rows` x `depth`, `b` `depth` x `columns`, `c` `rows` x `columns`.
  ///   - aStride, bStride, cStride: elements from one row to the next, as they lie in memory.
  ///   - transposeA, transposeB: whether it is the transposed matrix that lies in memory.
  ///   - accumulate: whether to add to `c`; if not, `c` is not read.
  static func sgemm(
    rows: Int, columns: Int, depth: Int, _ a: UnsafePointer<Float>, aStride: Int, transposeA: Bool = false,
    _ b: UnsafePointer<Float>, bStride: Int, transposeB: Bool = false, into c: UnsafeMutablePointer<Float>,
    cStride: Int, accumulate: Bool
  ) {
    _ = singleThreaded
    var columns = columns
    if !transposeA, !transposeB, leavesLoneColumn(rows: rows, columns: columns, depth: depth) {
      columns -= 1
      let last = c + columns
      if !accumulate { for row in 0..<rows { last[row * cStride] = 0 } }
      cblas_sgemv(
        CblasRowMajor, CblasNoTrans, blasint(rows), blasint(depth), 1, a, blasint(aStride), b + columns,
        blasint(bStride), 1, last, blasint(cStride))
    }
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, blasint(rows),
      blasint(columns), blasint(depth), 1, a, blasint(aStride), b, blasint(bStride), accumulate ? 1 : 0, c,
      blasint(cStride))
  }

  /// Whether one column is left over by the 16 that sgemm takes at once, as by the 49 pixels of a 7x7 image. It costs sgemm
  /// about as much as sixteen; where `a` is larger than the second-level cache, to read it once more for a product
  /// with a vector costs less.
  private static func leavesLoneColumn(rows: Int, columns: Int, depth: Int) -> Bool {
    columns > 16 && columns % 16 == 1 && rows * depth >= 1 << 20
  }

  /// The processor core whose kernels the library chose when it was loaded, such as `Haswell`.
  package static var coreName: String {
    openblas_get_corename().map { String(cString: $0) } ?? "unknown"
  }

  /// The library's own description of itself: version, threading, the core it was tuned for.
  static var configuration: String {
    openblas_get_config().map { String(cString: $0) } ?? "unknown"
  }
}
