#if GraphBLAS
  import TensorCore

  /// `GrB_mxm` of SuiteSparse:GraphBLAS over the FP32 plus-times semiring, on full times sparse-by-column; Apache-2.0.
  ///
  /// Davis, "Algorithm 1000: SuiteSparse:GraphBLAS", ACM TOMS 45(4), 2019, <https://doi.org/10.1145/3322125>.
  public struct GraphBLASSpMM: SpMMProduct {
    /// `graphblas`.
    public let name = "graphblas"

    /// Creates the product.
    public init() {}

    /// Copies the matrix with 64-bit indices, in blocks of rows with about as many entries each.
    public func prepare(_ matrix: CSRMatrix) throws -> any PreparedSpMM {
      let blocks = matrix.pattern.balancedRowBlocks(count: 8)
      let matrices = try blocks.map {
        try GraphBLASMatrix(pattern: matrix.pattern, values: matrix.values, rowRange: $0)
      }
      return PreparedGraphBLASSpMM(rows: matrix.rows, columns: matrix.columns, blocks: blocks, matrices: matrices)
    }
  }

  private struct PreparedGraphBLASSpMM: PreparedSpMM {
    let rows: Int
    let columns: Int
    let blocks: [Range<Int>]
    let matrices: [GraphBLASMatrix]

    func multiply(
      _ dense: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>, context: ComputeContext
    ) throws {
      let workspace = context.graphBLASWorkspace
      let mostRows = blocks.reduce(0) { max($0, $1.count) }
      try workspace.reserve(byteCountPerWorker: mostRows * count * MemoryLayout<Float>.stride)
      try withExtendedLifetime(workspace) {
        let job = GraphBLASSpMMJob(
          product: self, dense: dense, count: count, output: output, accumulators: workspace.perWorker)
        try context.run(job, partCount: blocks.count)
      }
    }
  }

  private struct GraphBLASSpMMJob: ParallelJob {
    let product: PreparedGraphBLASSpMM
    let dense: UnsafePointer<Float>
    let count: Int
    let output: UnsafeMutablePointer<Float>
    let accumulators: UnsafeMutablePointer<CHeapBlock>

    func execute(index: Int, worker: Int) throws {
      let rows = product.blocks[index]
      let elements = rows.count * count
      try accumulators[worker].reserve(byteCount: elements * MemoryLayout<Float>.stride)
      accumulators[worker].address?.assumingMemoryBound(to: Float.self).initialize(repeating: 0, count: elements)
      try product.matrices[index].multiply(dense: dense, count: count, addingTo: &accumulators[worker])
      guard let sums = accumulators[worker].address?.assumingMemoryBound(to: Float.self) else { return }
      (output + rows.lowerBound * count).update(from: sums, count: elements)
    }
  }
#endif
