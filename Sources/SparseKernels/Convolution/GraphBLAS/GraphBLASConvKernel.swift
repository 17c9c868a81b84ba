#if GraphBLAS
  import TensorCore

  /// im2col and SuiteSparse:GraphBLAS's `GrB_mxm` in FP32: `C += A * B` with C (pixels x output channels) and A (pixels x
  /// weights of a channel) full and held by column, and B the weights by column, that is, our compressed rows.
  public struct GraphBLASConvKernel: ConvKernel {
    /// `graphblas`.
    public let name = "graphblas"

    /// Creates the kernel.
    public init() {}

    /// Always supported.
    public func support(for problem: ConvProblem) -> KernelSupport { .supported }

    /// Copies the weights with 64-bit indices, one GraphBLAS matrix per group and block of output channels.
    public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
      try checkBeforePreparing(problem, weights: weights)
      return try PreparedGraphBLASConv(problem, weights: weights.matrix)
    }
  }

  private struct PreparedGraphBLASConv: PreparedConv {
    let problem: ConvProblem
    private let pattern: SparsityPattern
    private let plan: UnfoldPlan
    private var matrices: [GraphBLASMatrix]

    init(_ problem: ConvProblem, weights: CSRMatrix) throws {
      self.problem = problem
      pattern = weights.pattern
      let rows = problem.outputChannelsPerGroup
      let blocks = min(4, max(1, rows / 128))
      plan = UnfoldPlan(
        problem, rowBlocks: (0..<blocks).map { rows * $0 / blocks..<rows * ($0 + 1) / blocks }, tileBytes: 1 << 20,
        minimumTilePixels: 400, unfolds: true)
      matrices = try Self.pack(weights.values, pattern: pattern, plan: plan)
    }

    var weightByteCount: Int { matrices.reduce(0) { $0 + $1.byteCount } }

    func scratchByteCount(threadCount: Int) -> Int {
      UnfoldedConv<GraphBLASProduct>.scratchByteCount(plan: plan, productScratchByteCount: 0, threadCount: threadCount)
        + threadCount * accumulatorByteCount
    }

    mutating func replaceValues(_ values: [Float]) throws {
      precondition(
        values.count == pattern.nnz, "replaceValues: \(values.count) values, expected nnz = \(pattern.nnz)")
      // Copies of this value share the matrices, which therefore never change: packing anew is O(nnz) too.
      matrices = try Self.pack(values, pattern: pattern, plan: plan)
    }

    func forward(
      input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
    ) throws {
      let workspace = context.graphBLASWorkspace
      try workspace.reserve(byteCountPerWorker: accumulatorByteCount)
      try withExtendedLifetime(workspace) {
        try epilogue.run(into: output) { epilogue in
          try UnfoldedConv(
            plan: plan,
            product: GraphBLASProduct(
              matrices: matrices, blocksPerGroup: plan.rowBlocks.count, accumulators: workspace.perWorker),
            input: input, output: output, epilogue: epilogue, productScratchByteCount: 0, context: context
          ).run()
        }
      }
    }

    /// What a part accumulates at most.
    private var accumulatorByteCount: Int {
      let mostRows = plan.rowBlocks.reduce(0) { max($0, $1.count) }
      return mostRows * plan.tilePixels * MemoryLayout<Float>.stride
    }

    private static func pack(
      _ values: [Float], pattern: SparsityPattern, plan: UnfoldPlan
    ) throws -> [GraphBLASMatrix] {
      let rows = plan.problem.outputChannelsPerGroup
      return try (0..<plan.problem.groups).flatMap { group in
        try plan.rowBlocks.map { block in
          try GraphBLASMatrix(
            pattern: pattern, values: values,
            rowRange: group * rows + block.lowerBound..<group * rows + block.upperBound)
        }
      }
    }
  }

  private struct GraphBLASProduct: UnfoldedProduct, @unchecked Sendable {
    let matrices: [GraphBLASMatrix]
    let blocksPerGroup: Int
    let accumulators: UnsafeMutablePointer<CHeapBlock>

    func multiply(_ part: UnfoldedPart) throws {
      let count = part.tile.pixels.count
      let elements = part.channels.count * count
      let accumulator = accumulators + part.worker
      try accumulator.pointee.reserve(byteCount: elements * MemoryLayout<Float>.stride)
      accumulator.pointee.address?.assumingMemoryBound(to: Float.self).initialize(repeating: 0, count: elements)
      try matrices[part.group * blocksPerGroup + part.rowBlock].multiply(
        dense: part.columns, count: count, addingTo: &accumulator.pointee)
      guard let sums = accumulator.pointee.address?.assumingMemoryBound(to: Float.self) else { return }
      part.tile.store(sums, rowStride: count, channels: part.channels, epilogue: part.epilogue)
    }
  }
#endif
