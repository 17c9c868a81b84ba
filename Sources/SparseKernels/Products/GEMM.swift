import TensorCore

/// Dense times dense: OpenBLAS's sgemm, called on one thread at a time with the work split by us.
public enum GEMM {
  /// Computes `c = a * b`.
  ///
  /// - Parameters:
  ///   - a: `[rows, depth]`.
  ///   - b: `[depth, columns]`.
  ///   - c: `[rows, columns]`; its former contents do not matter.
  ///   - context: the threads.
  /// - Precondition: the shapes agree.
  /// - Complexity: O(rows * depth * columns); no scratch of ours.
  public static func multiply(_ a: Tensor, _ b: Tensor, into c: inout Tensor, context: ComputeContext) {
    precondition(
      a.shape.rank == 2 && b.shape.rank == 2 && a.shape[1] == b.shape[0] && c.shape == [a.shape[0], b.shape[1]],
      "GEMM: \(a.shape) times \(b.shape) into \(c.shape), expected [m, k] times [k, n] into [m, n]")
    let (rows, depth, columns) = (a.shape[0], a.shape[1], b.shape[1])
    if depth == 0 { c = Tensor(zeros: c.shape) }
    if rows == 0 || depth == 0 || columns == 0 { return }
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          let job = GEMMJob(rows: rows, columns: columns, depth: depth, a: a, b: b, c: c)
          do {
            try context.run(job, partCount: job.partCount)
          } catch {
            preconditionFailure("sgemm reports no errors: \(error)")
          }
        }
      }
    }
  }
}

/// A product cut into blocks of rows and columns. The cut depends on the sizes alone, so that the sums do not depend on
/// the number of threads.
private struct GEMMJob: ParallelJob {
  let rows: Int
  let columns: Int
  let depth: Int
  let a: UnsafePointer<Float>
  let b: UnsafePointer<Float>
  let c: UnsafeMutablePointer<Float>

  private static let blockRows = 256
  private static let blockColumns = 512

  private var rowBlocks: Int { (rows + Self.blockRows - 1) / Self.blockRows }
  private var columnBlocks: Int { (columns + Self.blockColumns - 1) / Self.blockColumns }
  var partCount: Int { rowBlocks * columnBlocks }

  func execute(index: Int, worker: Int) {
    let row = index / columnBlocks * Self.blockRows
    let column = index % columnBlocks * Self.blockColumns
    OpenBLAS.sgemm(
      rows: min(Self.blockRows, rows - row), columns: min(Self.blockColumns, columns - column), depth: depth,
      a + row * depth, aStride: depth, b + column, bStride: columns, into: c + row * columns + column,
      cStride: columns, accumulate: false)
  }
}
