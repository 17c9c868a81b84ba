import CMicroKernels
import TensorCore

/// Weights and tiles for products with the planes of one image as they lie, at stride 1 without padding.
struct InPlaceProduct: Sendable {
  let conv: ShiftedConv
  let plan: InPlacePlan
  private var packed: PackedEntries
  private let kernels: SpMMKernels

  /// - Precondition: `conv.readsInPlace`.
  init(_ conv: ShiftedConv, plan: InPlacePlan, weights: CSRMatrix) {
    precondition(conv.readsInPlace, "InPlaceProduct: windows leave the image or have strides")
    self.conv = conv
    self.plan = plan
    kernels = SpMMKernels.with(lanes: plan.lanes)
    packed = PackedEntries(
      weights, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: plan.rowBlocks, channelsPerBlock: plan.channelsPerBlock,
        channelStride: plan.copiedLength ?? plan.channelStride, tapOffsets: plan.tapOffsets,
        startsAnewInBlocks: plan.copiedLength != nil))
  }

  var byteCount: Int { packed.byteCount }

  mutating func replaceValues(_ weights: CSRMatrix) { packed.replaceValues(weights) }

  /// Computes a tile of some row blocks.
  ///
  /// - Parameters:
  ///   - source: the first plane of the image.
  ///   - destination: where that of destination channel 0 is or would be.
  ///   - destinationStride: floats from one destination channel to the next.
  ///   - epilogue: without a residual, unless destinations are where its output is.
  func multiply(
    _ tile: TileCut.Tile, rowBlocks: Range<Int>, source: UnsafePointer<Float>,
    destination: UnsafeMutablePointer<Float>, destinationStride: Int, epilogue: RunningEpilogue
  ) {
    let (sourceWidth, width) = (conv.columns.sourceCount, conv.columns.count)
    let column = Int(tile.column) * plan.lanes
    let floats = min(Int(tile.columns) * plan.lanes, plan.rowLength - column)
    let tail = floats - (Int(tile.columns) - 1) * plan.lanes
    let planes = source + Int(tile.row) * sourceWidth + column
    let place = destination + Int(tile.row) * width + column
    var finishing = epilogue.finishing(fromChannel: 0, at: place)
    withUnsafePointer(to: &finishing) { finishing in
      let tilePlace = snn_spmm_tile(
        x: planes, y: place, x_row_stride: sourceWidth, y_row_stride: width, y_channel_stride: destinationStride,
        tail: UInt32(tail), epilogue: epilogue.isIdentity ? nil : finishing)
      let window = plan.copiedLength.map {
        snn_spmm_window(
          planes: planes, plane_stride: plan.channelStride, channel_count: 0, length: floats, copied_length: $0)
      }
      if plan.fetchesAhead { snn_fetch_planes(planes, plan.channelStride, conv.sourceChannels, floats) }
      packed.multiply(
        rowBlocks: rowBlocks, tile: tile, place: tilePlace, window: window, with: kernels)
    }
  }
}
