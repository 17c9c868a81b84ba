import CMicroKernels
import TensorCore

/// A convolution of stride 1 without padding on the planes as they are: nothing is laid out and sums stay in the output.
struct InPlaceConv: Sendable {
  let conv: ShiftedConv
  private let plan: InPlacePlan
  private(set) var packed: PackedEntries
  private let kernels: SpMMKernels

  /// - Precondition: `conv.readsInPlace`.
  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    precondition(conv.readsInPlace, "InPlaceConv: windows leave the image or have strides")
    self.conv = conv
    plan = InPlacePlan(conv, pattern: weights.pattern)
    kernels = SpMMKernels.with(lanes: plan.lanes)
    packed = PackedEntries(
      weights, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: plan.rowBlocks, channelsPerBlock: plan.channelsPerBlock,
        channelStride: plan.copiedLength ?? conv.sourcePixels, tapOffsets: plan.tapOffsets,
        startsAnewInBlocks: plan.copiedLength != nil))
  }

  var byteCount: Int { packed.byteCount }

  mutating func replaceValues(_ weights: CSRMatrix) { packed.replaceValues(weights) }

  func run(
    source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue,
    context: ComputeContext
  ) throws {
    let tileCount = conv.batch * plan.tiles.count
    let rowParts = RowParts.count(
      others: tileCount, threadCount: context.threadCount, most: plan.rowBlocks.count)
    let job = InPlaceJob(
      conv: conv, plan: plan, packed: packed, kernels: kernels, source: source, destination: destination,
      epilogue: epilogue, rowParts: rowParts)
    try context.run(job, partCount: tileCount * rowParts)
  }
}

/// Each part computes a tile of one image for some row blocks.
private struct InPlaceJob: ParallelJob {
  let conv: ShiftedConv
  let plan: InPlacePlan
  let packed: PackedEntries
  let kernels: SpMMKernels
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  let epilogue: RunningEpilogue
  let rowParts: Int

  func execute(index: Int, worker: Int) {
    let (rest, part) = index.quotientAndRemainder(dividingBy: rowParts)
    let (image, tileIndex) = rest.quotientAndRemainder(dividingBy: plan.tiles.count)
    let tile = plan.tiles[tileIndex]
    let (sourceWidth, width) = (conv.columns.sourceCount, conv.columns.count)
    let column = Int(tile.column) * plan.lanes
    let place = image * conv.destinationChannels * conv.destinationPixels + Int(tile.row) * width + column
    let floats = min(Int(tile.columns) * plan.lanes, plan.rowLength - column)
    let tail = floats - (Int(tile.columns) - 1) * plan.lanes
    var finishing = epilogue.finishing(fromChannel: 0, at: destination + place)
    withUnsafePointer(to: &finishing) { finishing in
      let planes = source + image * conv.sourceChannels * conv.sourcePixels + Int(tile.row) * sourceWidth + column
      let tilePlace = snn_spmm_tile(
        x: planes, y: destination + place, x_row_stride: sourceWidth, y_row_stride: width,
        y_channel_stride: conv.destinationPixels, tail: UInt32(tail), epilogue: epilogue.isIdentity ? nil : finishing)
      let window = plan.copiedLength.map {
        snn_spmm_window(
          planes: planes, plane_stride: conv.sourcePixels, channel_count: 0, length: floats, copied_length: $0)
      }
      if plan.fetchesAhead { snn_fetch_planes(planes, conv.sourcePixels, conv.sourceChannels, floats) }
      packed.multiply(
        rowBlocks: RowParts.blocks(part, of: rowParts, blockCount: plan.rowBlocks.count), tile: tile, place: tilePlace,
        window: window, with: kernels)
    }
  }
}
