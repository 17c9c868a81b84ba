import CMicroKernels
import TensorCore

/// The gradient of weights from the output gradient and the input, both laid out in lanes.
struct LaneWeightGradient: Sendable {
  private let plan: LanePlan
  /// The destinations in the same regions.
  private let gradientLayout: LaneLayout
  private let packed: PackedEntries
  /// ``PackedEntries/positions(_:)``
  private let positions: [UInt32]
  private let rowBlocks: [Range<Int>]
  private let kernels: SDDMMKernels

  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    // Beyond the image the output gradient is 0, but the input may be infinite there.
    plan = LanePlan(conv, pattern: weights.pattern, for: .products)
    kernels = .with(lanes: plan.layout.lanes)
    gradientLayout = LaneLayout(
      conv.ofDestinations, regionRows: plan.layout.regionRows, regionColumns: plan.layout.regionColumns,
      chunkGroups: plan.layout.chunkGroups, lanes: plan.layout.lanes)
    rowBlocks = weights.pattern.balancedRowBlocks(count: WeightGradient.blockCount(conv))
    packed = PackedEntries(
      weights, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: rowBlocks, channelsPerBlock: plan.channelsPerBlock, channelStride: plan.channelStride,
        tapOffsets: plan.layout.tapOffsets()))
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

  /// A thread's copy of a chunk of the input, and of its rows of the output gradient.
  private var sliceByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: plan.layoutElementCount)
    _ = layout.reserve(snn_lane_row.self, count: plan.layout.windowRows * plan.layout.sideCount)
    _ = layout.reserve(Float.self, count: gradientLayout.conv.sourceChannels * gradientChannelStride)
    return layout.byteCount
  }

  private var gradientChannelStride: Int { gradientLayout.channelVectors * gradientLayout.lanes }

  /// - Parameter scratch: ``scratchByteCount(threadCount:)`` bytes on a 64-byte boundary.
  func run(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, into weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, context: ComputeContext
  ) throws {
    let partCount = min(context.threadCount, rowBlocks.count)
    let job = ProductsJob(
      plan: plan, packed: packed, positions: positions, rowBlocks: rowBlocks, gradientLayout: gradientLayout,
      gradientChannelStride: gradientChannelStride, kernels: kernels, input: input, outputGradient: outputGradient,
      weightGradient: weightGradient, sums: scratch.assumingMemoryBound(to: Float.self),
      scratch: scratch + sumByteCount, sliceByteCount: sliceByteCount, partCount: partCount)
    try context.run(job, partCount: partCount)
  }
}

/// Each part computes the gradient of some blocks of rows, over all chunks, which it lays out for itself: see ``LaneConv``. How
/// many parts there are changes no sum.
private struct ProductsJob: ParallelJob {
  let plan: LanePlan
  let packed: PackedEntries
  let positions: [UInt32]
  let rowBlocks: [Range<Int>]
  let gradientLayout: LaneLayout
  let gradientChannelStride: Int
  let kernels: SDDMMKernels
  let input: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let weightGradient: UnsafeMutablePointer<Float>
  let sums: UnsafeMutablePointer<Float>
  let scratch: UnsafeMutableRawPointer
  let sliceByteCount: Int
  let partCount: Int

  func execute(index: Int, worker: Int) {
    let blocks = RowParts.blocks(index, of: partCount, blockCount: rowBlocks.count)
    let rows = rowBlocks[blocks.lowerBound].lowerBound..<rowBlocks[blocks.upperBound - 1].upperBound
    var slice = ScratchLayout()
    let memory = scratch + index * sliceByteCount
    let lanes = (memory + slice.reserve(Float.self, count: plan.layoutElementCount))
      .assumingMemoryBound(to: Float.self)
    // Windows of destinations have no more rows than those of sources.
    let windowRows = (memory + slice.reserve(snn_lane_row.self, count: plan.layout.windowRows * plan.layout.sideCount))
      .assumingMemoryBound(to: snn_lane_row.self)
    let gradientLanes = (memory + slice.byteCount).assumingMemoryBound(to: Float.self)
    packed.clear(rowBlocks: blocks, of: sums)
    for chunk in 0..<plan.layout.chunkCount {
      plan.layout.gather(
        chunk: chunk, channels: 0..<plan.layout.conv.sourceChannels, of: input, into: lanes,
        channelStride: plan.channelStride, rows: windowRows, isa: kernels.isa.isa)
      gradientLayout.gather(
        chunk: chunk, channels: rows, of: outputGradient, into: gradientLanes, channelStride: gradientChannelStride,
        rows: windowRows, isa: kernels.isa.isa)
      for tile in plan.tiles(ofChunk: chunk) {
        addProducts(
          tile, rowBlocks: blocks, lanes: lanes, gradients: gradientLanes - rows.lowerBound * gradientChannelStride)
      }
    }
    packed.unpack(rowBlocks: blocks, of: sums, into: weightGradient, positions: positions)
  }

  private func addProducts(
    _ tile: TileCut.Tile, rowBlocks: Range<Int>, lanes: UnsafePointer<Float>, gradients: UnsafePointer<Float>
  ) {
    let layout = plan.layout
    let place = snn_sddmm_tile(
      x: lanes + layout.start(of: tile) * layout.lanes, g: gradients + gradientStart(of: tile) * layout.lanes,
      x_row_stride: layout.sheetRowVectors * layout.lanes,
      g_row_stride: layout.regionColumns * layout.lanes, g_channel_stride: gradientChannelStride)
    packed.addProducts(rowBlocks: rowBlocks, tile: tile, place: place, to: sums, with: kernels)
  }

  /// Where the destinations of a tile begin within a channel, in vectors: windows of destinations have no more than a region.
  private func gradientStart(of tile: TileCut.Tile) -> Int {
    let region = plan.layout.regionRows * plan.layout.regionColumns
    return Int(tile.sheet) * region + Int(tile.row) * plan.layout.regionColumns + Int(tile.column)
  }
}
