import CMicroKernels
import TensorCore

/// Operands of a weight gradient that are both laid out in lanes, chunk by chunk, by each thread for itself: see ``LaneConv``.
struct LaneProducts: ProductLayout {
  let plan: LanePlan
  /// The destinations in the same regions.
  private let destinationLayout: LaneLayout

  init(_ conv: ShiftedConv, pattern: SparsityPattern) {
    self.init(LanePlan(conv, pattern: pattern, for: .products))
  }

  /// - Parameter plan: whose regions divide the image evenly: beyond it destinations are 0, but sources may be infinite there.
  init(_ plan: LanePlan) {
    self.plan = plan
    destinationLayout = LaneLayout(
      plan.layout.conv.ofDestinations, regionRows: plan.layout.regionRows, regionColumns: plan.layout.regionColumns,
      chunkGroups: plan.layout.chunkGroups, lanes: plan.layout.lanes)
  }

  var lanes: Int { plan.layout.lanes }
  var channelsPerBlock: Int { plan.channelsPerBlock }
  var channelStride: Int { plan.channelStride }
  var tapOffsets: [Int] { plan.layout.tapOffsets() }

  /// A copy of a chunk of the input, and of some rows of the output gradient.
  var sliceByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: plan.layoutElementCount)
    _ = layout.reserve(snn_lane_row.self, count: plan.layout.windowRows)
    _ = layout.reserve(Float.self, count: destinationElementCount)
    return layout.byteCount
  }

  /// Floats of the destinations of a chunk.
  var destinationElementCount: Int { destinationLayout.conv.sourceChannels * destinationChannelStride }

  private var destinationChannelStride: Int { destinationLayout.channelVectors * destinationLayout.lanes }

  func addProducts(
    of rowBlocks: Range<Int>, weights: PackedProducts, operands: ProductOperands,
    to sums: UnsafeMutablePointer<Float>, slice: UnsafeMutableRawPointer
  ) {
    var parts = ScratchLayout()
    let sources = (slice + parts.reserve(Float.self, count: plan.layoutElementCount))
      .assumingMemoryBound(to: Float.self)
    let windowRows = (slice + parts.reserve(snn_lane_row.self, count: plan.layout.windowRows))
      .assumingMemoryBound(to: snn_lane_row.self)
    let copy = (slice + parts.byteCount).assumingMemoryBound(to: Float.self)
    for chunk in 0..<plan.layout.chunkCount {
      plan.gather(chunk: chunk, of: operands.sources, into: sources, rows: windowRows, isa: weights.isa)
      addProducts(
        of: rowBlocks, weights: weights, chunk: chunk, sources: sources, destinations: operands.destinations,
        copy: copy, windowRows: windowRows, to: sums)
    }
  }

  /// The same for one chunk, whose sources are laid out.
  ///
  /// - Parameters:
  ///   - copy: room for ``destinationElementCount``.
  ///   - windowRows: room for a window's rows of sources; those of destinations are no more.
  func addProducts(
    of rowBlocks: Range<Int>, weights: PackedProducts, chunk: Int, sources: UnsafePointer<Float>,
    destinations: UnsafePointer<Float>, copy: UnsafeMutablePointer<Float>,
    windowRows: UnsafeMutablePointer<snn_lane_row>, to sums: UnsafeMutablePointer<Float>
  ) {
    let rows = weights.rows(of: rowBlocks)
    destinationLayout.gather(
      chunk: chunk, channels: rows, of: destinations, into: copy, channelStride: destinationChannelStride,
      rows: windowRows, isa: weights.isa)
    let first = UnsafePointer(copy) - rows.lowerBound * destinationChannelStride
    for tile in plan.tiles(ofChunk: chunk) {
      weights.add(rowBlocks, tile: tile, place: place(tile, sources: sources, destinations: first), to: sums)
    }
  }

  /// - Parameter destinations: where those of channel 0 are, or would be.
  private func place(
    _ tile: TileCut.Tile, sources: UnsafePointer<Float>, destinations: UnsafePointer<Float>
  ) -> snn_sddmm_tile {
    let layout = plan.layout
    return snn_sddmm_tile(
      x: sources + layout.start(of: tile) * layout.lanes,
      g: destinations + destinationStart(of: tile) * layout.lanes,
      x_row_stride: layout.sheetRowVectors * layout.lanes,
      g_row_stride: layout.regionColumns * layout.lanes, g_channel_stride: destinationChannelStride)
  }

  /// Where the destinations of a tile begin within a channel, in vectors: windows of destinations have no more than a region.
  private func destinationStart(of tile: TileCut.Tile) -> Int {
    let region = plan.layout.regionRows * plan.layout.regionColumns
    return Int(tile.sheet) * region + Int(tile.row) * plan.layout.regionColumns + Int(tile.column)
  }
}
