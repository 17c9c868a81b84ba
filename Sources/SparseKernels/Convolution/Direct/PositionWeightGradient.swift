import CMicroKernels
import TensorCore

/// The gradient of the weights of a convolution that is pointwise by position, from the output gradient as it lies and the input's
/// positions brought together.
struct PositionWeightGradient: Sendable {
  private let plan: PositionProductPlan
  private let packed: PackedEntries
  /// ``PackedEntries/positions(_:)``
  private let positions: [UInt32]
  private let rowBlocks: [Range<Int>]
  private let kernels: SDDMMKernels

  init(_ chunks: PositionChunks, weights: CSRMatrix) {
    let conv = chunks.conv
    plan = PositionProductPlan(chunks, nnz: weights.pattern.nnz)
    kernels = .with(lanes: plan.lanes)
    rowBlocks = weights.pattern.balancedRowBlocks(count: WeightGradient.blockCount(conv))
    packed = PackedEntries(
      weights, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: rowBlocks, channelsPerBlock: plan.channelsPerBlock, channelStride: plan.channelStride,
        tapOffsets: [0]))
    positions = packed.positions(weights.pattern)
  }

  var byteCount: Int { packed.byteCount + positions.count * MemoryLayout<UInt32>.stride }

  /// Sums in the order of the packed weights, and a slice for each thread.
  func scratchByteCount(threadCount: Int) -> Int {
    sumByteCount + sliceByteCount * min(threadCount, rowBlocks.count)
  }

  private var sumByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: packed.entries.count)
    return layout.byteCount
  }

  /// A thread's copy of a chunk of the input.
  private var sliceByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: plan.copyElementCount)
    return layout.byteCount
  }

  /// - Parameter scratch: ``scratchByteCount(threadCount:)`` bytes on a 64-byte boundary.
  func run(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, into weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, context: ComputeContext
  ) throws {
    let partCount = min(context.threadCount, rowBlocks.count)
    let job = PositionProductsJob(
      plan: plan, packed: packed, positions: positions, rowBlocks: rowBlocks, kernels: kernels, input: input,
      outputGradient: outputGradient, weightGradient: weightGradient, sums: scratch.assumingMemoryBound(to: Float.self),
      scratch: scratch + sumByteCount, sliceByteCount: sliceByteCount, partCount: partCount)
    try context.run(job, partCount: partCount)
  }
}

/// Each part computes the gradient of some blocks of rows, over all chunks. How many parts there are changes no sum.
private struct PositionProductsJob: ParallelJob {
  let plan: PositionProductPlan
  let packed: PackedEntries
  let positions: [UInt32]
  let rowBlocks: [Range<Int>]
  let kernels: SDDMMKernels
  let input: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let weightGradient: UnsafeMutablePointer<Float>
  let sums: UnsafeMutablePointer<Float>
  let scratch: UnsafeMutableRawPointer
  let sliceByteCount: Int
  let partCount: Int

  func execute(index: Int, worker: Int) {
    let chunks = plan.chunks
    let blocks = RowParts.blocks(index, of: partCount, blockCount: rowBlocks.count)
    let copy = (scratch + index * sliceByteCount).assumingMemoryBound(to: Float.self)
    packed.clear(rowBlocks: blocks, of: sums)
    for chunk in 0..<chunks.count {
      let gradients = outputGradient + chunks.destinationOffset(ofChunk: chunk)
      if chunks.hasSourceStride { chunks.compact(chunk: chunk, of: input, into: copy) }
      let planes = chunks.hasSourceStride ? UnsafePointer(copy) : input + chunks.sourceOffset(ofChunk: chunk)
      for tile in plan.tiles {
        let first = Int(tile.column) * plan.lanes
        let place = snn_sddmm_tile(
          x: planes + first, g: gradients + first, x_row_stride: 0, g_row_stride: 0,
          g_channel_stride: chunks.conv.destinationPixels)
        packed.addProducts(rowBlocks: blocks, tile: tile, place: place, to: sums, with: kernels)
      }
    }
    packed.unpack(rowBlocks: blocks, of: sums, into: weightGradient, positions: positions)
  }
}

/// How the products of a chunk are cut.
struct PositionProductPlan: Hashable, Sendable {
  let chunks: PositionChunks
  /// Floats of a vector.
  let lanes: Int
  let channelsPerBlock: Int
  let tiles: [TileCut.Tile]

  /// The cheapest plan.
  init(_ chunks: PositionChunks, nnz: Int) {
    self.chunks = chunks
    var best: (lanes: Int, vectors: Int, channels: Int, cycles: Double)?
    for lanes in SDDMMKernels.laneCounts {
      let cost = TileCost(chunks.conv, nnz: nnz, lanes: lanes)
      let columns = chunks.positionCount / lanes
      for vectors in 1...min(columns, SDDMMKernels.mostVectors) {
        let channels = cost.channelsPerBlock(windowVectors: vectors)
        var cycles = 0.0
        TileCut(rows: 1, columns: columns, tileRows: 1, mostVectors: vectors).forEachSize { _, columns, count in
          cycles +=
            Double(count)
            * cost.weightGradient(
              vectors: columns, windowVectors: columns, channelsPerBlock: channels, isFar: false)
        }
        if cycles < best?.cycles ?? .infinity { best = (lanes, vectors, channels, cycles) }
      }
    }
    guard let best else { preconditionFailure("a chunk has a vector of positions") }
    lanes = best.lanes
    channelsPerBlock = best.channels
    tiles = TileCut(rows: 1, columns: chunks.positionCount / lanes, tileRows: 1, mostVectors: best.vectors)
      .tiles(sheetCount: 1)
  }

  /// Floats from one source channel to the next.
  var channelStride: Int { chunks.hasSourceStride ? chunks.copyStride : chunks.conv.sourcePixels }

  var copyElementCount: Int { chunks.hasSourceStride ? chunks.conv.sourceChannels * chunks.copyStride : 0 }
}
