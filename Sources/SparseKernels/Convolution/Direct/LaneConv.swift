import CMicroKernels
import TensorCore

/// A convolution through a ``LaneLayout``: sources are laid out, tile by tile multiplied, and sums stored back to planes.
struct LaneConv: Sendable {
  let plan: LanePlan
  private(set) var packed: PackedEntries
  private let kernels: SpMMKernels
  /// ``ShiftedConv/sumRows``
  private let sumRows: [[Int32]]

  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    self.init(LanePlan(conv, pattern: weights.pattern), weights: weights)
  }

  init(_ plan: LanePlan, weights: CSRMatrix) {
    let conv = plan.layout.conv
    self.plan = plan
    kernels = .with(lanes: plan.layout.lanes)
    sumRows = conv.sumRows
    packed = PackedEntries(
      weights, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: plan.rowBlocks, channelsPerBlock: plan.channelsPerBlock, channelStride: plan.channelStride,
        tapOffsets: plan.layout.tapOffsets()))
  }

  var byteCount: Int { packed.byteCount }

  /// A copy of a chunk, and sums, for each thread that has a part.
  func scratchByteCount(threadCount: Int) -> Int {
    sliceByteCount * min(threadCount, plan.partCount(threadCount: threadCount))
  }

  private var sliceByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: plan.layoutElementCount)
    _ = layout.reserve(snn_lane_row.self, count: plan.layout.windowRows)
    _ = layout.reserve(Float.self, count: plan.sumElementCount)
    return layout.byteCount
  }

  mutating func replaceValues(_ weights: CSRMatrix) { packed.replaceValues(weights) }

  /// Computes every destination.
  func run(
    source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue,
    context: ComputeContext
  ) throws {
    let partCount = plan.partCount(threadCount: context.threadCount)
    let job = LaneJob(
      conv: self, source: source, destination: destination, epilogue: epilogue,
      scratch: context.scratch(byteCount: scratchByteCount(threadCount: context.threadCount)),
      sliceByteCount: sliceByteCount, rowParts: plan.rowParts(threadCount: context.threadCount),
      hasSlicePerPart: partCount <= context.threadCount)
    try context.run(job, partCount: partCount)
  }
}

/// Each part computes a chunk for some blocks of destination channels. It lays the chunk out for itself: a copy that threads
/// share would move from core to core on every call, which takes longer than making it twice.
private struct LaneJob: ParallelJob {
  let conv: LaneConv
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  let epilogue: RunningEpilogue
  let scratch: UnsafeMutableRawPointer
  let sliceByteCount: Int
  let rowParts: Int
  /// Whether there are no more parts than slices of scratch; if not, each thread has a slice.
  let hasSlicePerPart: Bool

  func execute(index: Int, worker: Int) {
    let plan = conv.plan
    let (chunk, part) = index.quotientAndRemainder(dividingBy: rowParts)
    var slice = ScratchLayout()
    let memory = scratch + (hasSlicePerPart ? index : worker) * sliceByteCount
    let lanes = (memory + slice.reserve(Float.self, count: plan.layoutElementCount))
      .assumingMemoryBound(to: Float.self)
    let rows = (memory + slice.reserve(snn_lane_row.self, count: plan.layout.windowRows))
      .assumingMemoryBound(to: snn_lane_row.self)
    let sums = (memory + slice.byteCount).assumingMemoryBound(to: Float.self)
    plan.gather(chunk: chunk, of: source, into: lanes, rows: rows, isa: conv.isa)
    conv.compute(
      RowParts.blocks(part, of: rowParts, blockCount: plan.rowBlocks.count), chunk: chunk, lanes: lanes, sums: sums,
      destination: destination, epilogue: epilogue)
  }
}

extension LaneConv {
  var isa: snn_isa { kernels.isa.isa }

  /// Computes a chunk's destinations of some row blocks.
  ///
  /// - Parameters:
  ///   - lanes: the chunk's sources as the plan lays them out.
  ///   - sums: room for those of the plan.
  func compute(
    _ blocks: Range<Int>, chunk: Int, lanes: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>,
    destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue
  ) {
    let tiles = plan.tiles(ofChunk: chunk)
    for band in plan.bands(ofChunk: chunk) {
      plan.forEachRun(of: blocks) { run in
        for tile in tiles[band.tiles] { multiply(tile, of: band, rowBlocks: run, lanes: lanes, into: sums) }
        store(band, chunk: chunk, rows: plan.rows(of: run), from: sums, to: destination, epilogue: epilogue)
      }
    }
  }

  private func multiply(
    _ tile: TileCut.Tile, of band: TileBand, rowBlocks: Range<Int>, lanes: UnsafePointer<Float>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let width = plan.layout.lanes
    let stride = band.sumStride(lanes: width)
    let place = snn_spmm_tile(
      x: lanes + plan.layout.start(of: tile) * width,
      y: sums + band.start(of: tile) * width - plan.rows(of: rowBlocks).lowerBound * stride,
      x_row_stride: plan.layout.sheetRowVectors * width, y_row_stride: Int(band.extent.columns) * width,
      y_channel_stride: stride, tail: UInt32(width), epilogue: nil)
    packed.multiply(rowBlocks: rowBlocks, tile: tile, place: place, with: kernels)
  }

  private func store(
    _ band: TileBand, chunk: Int, rows: Range<Int>, from sums: UnsafeMutablePointer<Float>,
    to destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue
  ) {
    let layout = plan.layout
    let phases = layout.conv.destinationPhaseCount
    let firstChannel = rows.lowerBound / phases
    let planes = destination + firstChannel * layout.conv.destinationPixels
    var finishing = epilogue.finishing(fromChannel: firstChannel, at: planes)
    let sumsStride = band.sumStride(lanes: layout.lanes)
    layout.forEachDestinationRow(of: band.extent, firstGroup: chunk * layout.chunkGroups) {
      vector, group, row, columns in
      for (rowPhase, sumRows) in sumRows.enumerated() {
        var lanes = layout.destinationRow(
          group: group, row: row, rowPhase: rowPhase, columns: columns, channels: rows.count / phases)
        lanes.lanes_stride = phases * sumsStride
        lanes.phase_stride = sumsStride
        sumRows.withUnsafeBufferPointer {
          lanes.phase_count = Int32($0.count)
          lanes.phase_rows = $0.baseAddress
          snn_f32_scatter_lanes(kernels.isa.isa, &lanes, sums + vector * layout.lanes, &finishing, planes)
        }
      }
    }
  }
}
