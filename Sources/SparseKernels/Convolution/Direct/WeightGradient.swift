import CMicroKernels
import TensorCore

/// The gradient of a sparse convolution's weights, at the stored positions only: an SDDMM of the output gradient and the input,
/// both laid out in lanes.
struct WeightGradient: Sendable {
  private let plan: LanePlan
  /// The destinations in the same regions.
  private let gradientLayout: LaneLayout
  private let packed: PackedEntries
  private let rowBlocks: [Range<Int>]
  private let kernels = SDDMMKernels.current
  private let nnz: Int

  /// Blocks of rows, which the threads share.
  private static let mostBlocks = 32
  private static let leastRows = 16

  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    plan = LanePlan(conv, pattern: weights.pattern, mostVectors: SDDMMKernels.mostVectors)
    gradientLayout = LaneLayout(
      conv.ofDestinations, regionRows: plan.layout.regionRows, regionColumns: plan.layout.regionColumns,
      chunkGroups: plan.layout.chunkGroups)
    let blockCount = max(1, min(Self.mostBlocks, conv.destinationChannels / Self.leastRows))
    rowBlocks = weights.pattern.balancedRowBlocks(count: blockCount)
    packed = PackedEntries(
      weights, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: rowBlocks, channelsPerBlock: plan.channelsPerBlock, channelStride: plan.channelStride,
        tapOffsets: plan.layout.tapOffsets()),
      keepsPositions: true)
    nnz = weights.nnz
  }

  var byteCount: Int { packed.byteCount }

  var scratchByteCount: Int { scratchLayout.byteCount }

  private var scratchLayout: ScratchLayout {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: plan.layoutElementCount)
    _ = layout.reserve(Float.self, count: gradientLayout.conv.sourceChannels * gradientChannelStride)
    return layout
  }

  private var gradientChannelStride: Int { gradientLayout.channelVectors * LaneLayout.lanes }

  /// - Parameter scratch: ``scratchByteCount`` bytes on a 64-byte boundary.
  func run(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, into weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, context: ComputeContext
  ) throws {
    var parts = ScratchLayout()
    let lanes = (scratch + parts.reserve(Float.self, count: plan.layoutElementCount))
      .assumingMemoryBound(to: Float.self)
    let gradientLanes = (scratch + parts.byteCount).assumingMemoryBound(to: Float.self)
    weightGradient.update(repeating: 0, count: nnz)
    for chunk in 0..<plan.layout.chunkCount {
      let sources = GatherJob(
        layout: plan.layout, channelStride: plan.channelStride, chunk: chunk, source: input, lanes: lanes,
        isa: kernels.isa.isa)
      try context.run(sources, partCount: sources.partCount)
      let destinations = GatherJob(
        layout: gradientLayout, channelStride: gradientChannelStride, chunk: chunk, source: outputGradient,
        lanes: gradientLanes, isa: kernels.isa.isa)
      try context.run(destinations, partCount: destinations.partCount)
      let job = ProductsJob(
        plan: plan, tiles: chunk == plan.layout.chunkCount - 1 ? plan.lastTiles : plan.tiles, packed: packed,
        firstRows: rowBlocks, gradientLayout: gradientLayout, gradientChannelStride: gradientChannelStride,
        kernels: kernels, lanes: lanes, gradientLanes: gradientLanes, weightGradient: weightGradient)
      try context.run(job, partCount: rowBlocks.count)
    }
  }
}

/// Each part adds the products of all tiles of a chunk to the gradient of a block of rows.
private struct ProductsJob: ParallelJob {
  let plan: LanePlan
  let tiles: [TileCut.Tile]
  let packed: PackedEntries
  let firstRows: [Range<Int>]
  let gradientLayout: LaneLayout
  let gradientChannelStride: Int
  let kernels: SDDMMKernels
  let lanes: UnsafePointer<Float>
  let gradientLanes: UnsafePointer<Float>
  let weightGradient: UnsafeMutablePointer<Float>

  func execute(index: Int, worker: Int) {
    let layout = plan.layout
    let gradients = gradientLanes + firstRows[index].lowerBound * gradientChannelStride
    for tile in tiles {
      let place = snn_sddmm_tile(
        x: lanes + layout.start(of: tile) * LaneLayout.lanes,
        g: gradients + gradientStart(of: tile) * LaneLayout.lanes,
        x_row_stride: layout.sheetRowVectors * LaneLayout.lanes,
        g_row_stride: layout.regionColumns * LaneLayout.lanes, g_channel_stride: gradientChannelStride)
      packed.addProducts(rowBlock: index, tile: tile, place: place, to: weightGradient, with: kernels)
    }
  }

  /// Where the destinations of a tile begin within a channel, in vectors: windows of destinations have no more than a region.
  private func gradientStart(of tile: TileCut.Tile) -> Int {
    let region = plan.layout.regionRows * plan.layout.regionColumns
    return Int(tile.sheet) * region + Int(tile.row) * plan.layout.regionColumns + Int(tile.column)
  }
}
