import CMicroKernels
import TensorCore

/// Operands of a weight gradient that are both laid out in lanes, chunk by chunk, by each thread for itself: see ``LaneConv``.
struct LaneProducts: ProductLayout {
  private let plan: LanePlan
  /// The destinations in the same regions.
  private let gradientLayout: LaneLayout

  init(_ conv: ShiftedConv, pattern: SparsityPattern) {
    // Beyond the image the output gradient is 0, but the input may be infinite there.
    plan = LanePlan(conv, pattern: pattern, for: .products)
    gradientLayout = LaneLayout(
      conv.ofDestinations, regionRows: plan.layout.regionRows, regionColumns: plan.layout.regionColumns,
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
    _ = layout.reserve(snn_lane_row.self, count: plan.layout.windowRows * plan.layout.sideCount)
    _ = layout.reserve(Float.self, count: gradientLayout.conv.sourceChannels * gradientChannelStride)
    return layout.byteCount
  }

  private var gradientChannelStride: Int { gradientLayout.channelVectors * gradientLayout.lanes }

  func addProducts(
    of rowBlocks: Range<Int>, weights: PackedProducts, input: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>, slice: UnsafeMutableRawPointer
  ) {
    let rows = weights.rows(of: rowBlocks)
    var parts = ScratchLayout()
    let inputs = (slice + parts.reserve(Float.self, count: plan.layoutElementCount))
      .assumingMemoryBound(to: Float.self)
    // Windows of destinations have no more rows than those of sources.
    let windowRows = (slice + parts.reserve(snn_lane_row.self, count: plan.layout.windowRows * plan.layout.sideCount))
      .assumingMemoryBound(to: snn_lane_row.self)
    let gradients = (slice + parts.byteCount).assumingMemoryBound(to: Float.self)
    for chunk in 0..<plan.layout.chunkCount {
      plan.layout.gather(
        chunk: chunk, channels: 0..<plan.layout.conv.sourceChannels, of: input, into: inputs,
        channelStride: plan.channelStride, rows: windowRows, isa: weights.isa)
      gradientLayout.gather(
        chunk: chunk, channels: rows, of: outputGradient, into: gradients, channelStride: gradientChannelStride,
        rows: windowRows, isa: weights.isa)
      for tile in plan.tiles(ofChunk: chunk) {
        let place = place(
          tile, inputs: inputs, gradients: gradients - rows.lowerBound * gradientChannelStride)
        weights.add(rowBlocks, tile: tile, place: place, to: sums)
      }
    }
  }

  private func place(
    _ tile: TileCut.Tile, inputs: UnsafePointer<Float>, gradients: UnsafePointer<Float>
  ) -> snn_sddmm_tile {
    let layout = plan.layout
    return snn_sddmm_tile(
      x: inputs + layout.start(of: tile) * layout.lanes, g: gradients + gradientStart(of: tile) * layout.lanes,
      x_row_stride: layout.sheetRowVectors * layout.lanes,
      g_row_stride: layout.regionColumns * layout.lanes, g_channel_stride: gradientChannelStride)
  }

  /// Where the destinations of a tile begin within a channel, in vectors: windows of destinations have no more than a region.
  private func gradientStart(of tile: TileCut.Tile) -> Int {
    let region = plan.layout.regionRows * plan.layout.regionColumns
    return Int(tile.sheet) * region + Int(tile.row) * plan.layout.regionColumns + Int(tile.column)
  }
}
