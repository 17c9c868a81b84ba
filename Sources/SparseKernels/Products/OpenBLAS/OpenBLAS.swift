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
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, blasint(rows),
      blasint(columns), blasint(depth), 1, a, blasint(aStride), b, blasint(bStride), accumulate ? 1 : 0, c,
      blasint(cStride))
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
