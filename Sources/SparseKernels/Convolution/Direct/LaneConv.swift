import CMicroKernels
import TensorCore

/// A convolution through a ``LaneLayout``: sources are laid out, tile by tile multiplied, and sums stored back to planes.
struct LaneConv: Sendable {
  let plan: LanePlan
  private(set) var packed: PackedEntries
  private let kernels = SpMMKernels.current

  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    plan = LanePlan(conv, pattern: weights.pattern)
    packed = PackedEntries(
      weights, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: plan.rowBlocks, channelsPerBlock: plan.channelsPerBlock, channelStride: plan.channelStride,
        tapOffsets: plan.layout.tapOffsets()))
  }

  var byteCount: Int { packed.byteCount }

  func scratchByteCount(threadCount: Int) -> Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: plan.layoutElementCount)
    return layout.byteCount + sumByteCount * threadCount
  }

  mutating func replaceValues(_ weights: CSRMatrix) { packed.replaceValues(weights) }

  /// Computes every destination of this convolution's phase.
  ///
  /// - Parameter scratch: ``scratchByteCount(threadCount:)`` bytes on a 64-byte boundary.
  func run(
    source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue,
    scratch: UnsafeMutableRawPointer, context: ComputeContext
  ) throws {
    var parts = ScratchLayout()
    let lanes = (scratch + parts.reserve(Float.self, count: plan.layoutElementCount))
      .assumingMemoryBound(to: Float.self)
    let sums = scratch + parts.byteCount
    for chunk in 0..<plan.layout.chunkCount {
      let gather = GatherJob(
        layout: plan.layout, channelStride: plan.channelStride, chunk: chunk, source: source, lanes: lanes,
        isa: kernels.isa.isa)
      try context.run(gather, partCount: gather.partCount)
      let product = ProductJob(
        plan: plan, chunk: chunk, packed: packed, kernels: kernels, lanes: lanes, sums: sums,
        sumByteCount: sumByteCount, destination: destination, epilogue: epilogue)
      try context.run(product, partCount: product.partCount)
    }
  }

  /// A thread's sums.
  private var sumByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: plan.sumElementCount)
    return layout.byteCount
  }
}

/// Each part computes a tile of a chunk for a block of destination channels.
private struct ProductJob: ParallelJob {
  let plan: LanePlan
  let chunk: Int
  let packed: PackedEntries
  let kernels: SpMMKernels
  let lanes: UnsafePointer<Float>
  let sums: UnsafeMutableRawPointer
  let sumByteCount: Int
  let destination: UnsafeMutablePointer<Float>
  let epilogue: RunningEpilogue

  private var tiles: [TileCut.Tile] { chunk == plan.layout.chunkCount - 1 ? plan.lastTiles : plan.tiles }

  var partCount: Int { tiles.count * plan.rowBlocks.count }

  func execute(index: Int, worker: Int) {
    let (tileIndex, rowBlock) = index.quotientAndRemainder(dividingBy: plan.rowBlocks.count)
    let tile = tiles[tileIndex]
    let sums = (sums + worker * sumByteCount).assumingMemoryBound(to: Float.self)
    multiply(tile, rowBlock: rowBlock, into: sums)
    store(tile, rows: plan.rowBlocks[rowBlock], from: sums)
  }

  private func multiply(_ tile: TileCut.Tile, rowBlock: Int, into sums: UnsafeMutablePointer<Float>) {
    let vectors = Int(tile.rows * tile.columns)
    let place = snn_spmm_tile(
      x: lanes + plan.layout.start(of: tile) * LaneLayout.lanes, y: sums,
      x_row_stride: plan.layout.sheetRowVectors * LaneLayout.lanes,
      y_row_stride: Int(tile.columns) * LaneLayout.lanes, y_channel_stride: vectors * LaneLayout.lanes,
      tail: UInt32(SNN_LANES),
      epilogue: nil, ahead: snn_spmm_ahead())
    packed.multiply(rowBlock: rowBlock, tile: tile, place: place, with: kernels)
  }

  private func store(_ tile: TileCut.Tile, rows: Range<Int>, from sums: UnsafeMutablePointer<Float>) {
    let layout = plan.layout
    let firstPlane = rows.lowerBound * layout.conv.destinationPixels
    var finishing = epilogue.finishing(fromChannel: rows.lowerBound, at: destination + firstPlane)
    let lanesStride = Int(tile.rows * tile.columns) * LaneLayout.lanes
    layout.forEachDestinationRow(of: tile, firstGroup: chunk * layout.chunkGroups) { vector, group, row, columns in
      var lane = layout.destinationRow(
        group: group, row: row, columns: columns, channels: rows.count, lanesStride: lanesStride)
      snn_f32_scatter_lanes(
        kernels.isa.isa, &lane, sums + vector * LaneLayout.lanes, &finishing, destination + firstPlane)
    }
  }
}
