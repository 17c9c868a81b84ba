import CMicroKernels
import TensorCore

/// Both gradients of a convolution from one layout of the output gradient: its windows are what the input gradient is made of, and
/// what the weight gradient, transposed, multiplies the input with.
struct LaneGradients: Sendable {
  let products: LaneProducts
  /// Of the input gradient.
  private let plan: LanePlan

  /// Rows are cut so that as many threads can share a layer with few channels.
  private static let threadsWorthServing = 4

  /// Nil where one of them has a better way or a better layout, or where strides leave the input in phases.
  init?(_ problem: ConvProblem, transposed pattern: SparsityPattern) {
    let conv = ShiftedConv.inputGradient(problem)
    guard problem.stride == Size2D(height: 1, width: 1), case .lanes = DirectWay(conv),
      PositionChunks(.forward(problem)) == nil
    else { return nil }
    let plans = LanePlan.sharing(conv, pattern: pattern, rowBlockCount: Self.threadsWorthServing)
    guard let plans else { return nil }
    plan = plans.sums
    products = LaneProducts(plans.products)
  }

  /// The input gradient.
  func conv(_ transposed: CSRMatrix) -> LaneConv { LaneConv(plan, weights: transposed) }

  /// Whether so few threads do better with both at once: each lays out all of the output gradient for itself.
  func serves(threadCount: Int) -> Bool { threadCount <= plan.rowBlocks.count }

  /// Sums of the weight gradient, and a slice for each thread.
  func scratchByteCount(_ weights: PackedProducts, threadCount: Int) -> Int {
    weights.sumByteCount + Slice(plan, products).byteCount * threadCount
  }

  /// - Parameters:
  ///   - conv: ``conv(_:)``
  ///   - scratch: ``scratchByteCount(_:threadCount:)`` bytes on a 64-byte boundary.
  func run(
    _ conv: LaneConv, _ weights: PackedProducts, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, context: ComputeContext
  ) throws {
    let job = Job(
      conv: conv, products: products, weights: weights, slice: Slice(plan, products), input: input,
      outputGradient: outputGradient, inputGradient: inputGradient, weightGradient: weightGradient,
      sums: scratch.assumingMemoryBound(to: Float.self), slices: scratch + weights.sumByteCount,
      partCount: context.threadCount)
    try context.run(job, partCount: job.partCount)
  }
}

extension LaneGradients {
  /// Where a thread's scratch memory has what.
  private struct Slice {
    let lanes, rows, sums, copy: Int
    let byteCount: Int

    init(_ plan: LanePlan, _ products: LaneProducts) {
      var layout = ScratchLayout()
      lanes = layout.reserve(Float.self, count: plan.layoutElementCount)
      rows = layout.reserve(snn_lane_row.self, count: plan.layout.windowRows)
      sums = layout.reserve(Float.self, count: plan.sumElementCount)
      copy = layout.reserve(Float.self, count: products.destinationElementCount)
      byteCount = layout.byteCount
    }
  }

  /// Each part computes both gradients of some blocks of input channels, over all images.
  private struct Job: ParallelJob {
    let conv: LaneConv
    let products: LaneProducts
    let weights: PackedProducts
    let slice: Slice
    let input: UnsafePointer<Float>
    let outputGradient: UnsafePointer<Float>
    let inputGradient: UnsafeMutablePointer<Float>
    let weightGradient: UnsafeMutablePointer<Float>
    let sums: UnsafeMutablePointer<Float>
    let slices: UnsafeMutableRawPointer
    let partCount: Int

    func execute(index: Int, worker: Int) {
      let plan = conv.plan
      let memory = slices + index * slice.byteCount
      let lanes = (memory + slice.lanes).assumingMemoryBound(to: Float.self)
      let rows = (memory + slice.rows).assumingMemoryBound(to: snn_lane_row.self)
      let convBlocks = RowParts.blocks(index, of: partCount, blockCount: plan.rowBlocks.count)
      let productBlocks = RowParts.blocks(index, of: partCount, blockCount: weights.rowBlocks.count)
      weights.clear(productBlocks, of: sums)
      for chunk in 0..<plan.layout.chunkCount {
        plan.gather(chunk: chunk, of: outputGradient, into: lanes, rows: rows, isa: conv.isa)
        conv.compute(
          convBlocks, chunk: chunk, lanes: lanes, sums: (memory + slice.sums).assumingMemoryBound(to: Float.self),
          destination: inputGradient, epilogue: RunningEpilogue(output: inputGradient))
        products.addProducts(
          of: productBlocks, weights: weights, chunk: chunk, sources: lanes, destinations: input,
          copy: (memory + slice.copy).assumingMemoryBound(to: Float.self), windowRows: rows, to: sums)
      }
      weights.unpack(productBlocks, of: sums, into: weightGradient)
    }
  }
}
