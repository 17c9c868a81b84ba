import CMicroKernels
import TensorCore

/// A convolution of stride 1 without padding on the planes as they are: nothing is laid out and sums stay in the output.
struct InPlaceConv: Sendable {
  let conv: ShiftedConv
  private let plan: InPlacePlan
  private(set) var packed: PackedEntries
  private let kernels = SpMMKernels.current

  /// - Precondition: `conv.readsInPlace`.
  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    precondition(conv.readsInPlace, "InPlaceConv: windows leave the image or have strides")
    self.conv = conv
    plan = InPlacePlan(conv, pattern: weights.pattern)
    packed = PackedEntries(
      weights, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: plan.rowBlocks, channelsPerBlock: plan.channelsPerBlock, channelStride: conv.sourcePixels,
        tapOffsets: plan.tapOffsets))
  }

  var byteCount: Int { packed.byteCount }

  mutating func replaceValues(_ weights: CSRMatrix) { packed.replaceValues(weights) }

  func run(
    source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue,
    context: ComputeContext
  ) throws {
    let job = InPlaceJob(
      conv: conv, plan: plan, packed: packed, kernels: kernels, source: source, destination: destination,
      epilogue: epilogue)
    try context.run(job, partCount: conv.batch * plan.tiles.count * plan.rowBlocks.count)
  }
}

/// How such a convolution is cut. Vectors are neighbours in a row of the output, or in the whole plane where it is pointwise.
struct InPlacePlan: Sendable {
  let tiles: [TileCut.Tile]
  let channelsPerBlock: Int
  let rowBlocks: [Range<Int>]
  let tapOffsets: [Int]
  /// Floats of a row of tiles.
  let rowLength: Int
  /// Cycles for the whole batch; see ``TileCost``.
  let cycles: Double

  private static let lanes = Int(SNN_LANES)
  private static let manyParts = 16

  init(_ conv: ShiftedConv, pattern: SparsityPattern) {
    let isLine = conv.isPointwise
    rowLength = isLine ? conv.destinationPixels : conv.columns.count
    let rows = isLine ? 1 : conv.rows.count
    let columns = (rowLength + Self.lanes - 1) / Self.lanes
    let cost = TileCost(conv, nnz: pattern.nnz)
    let loadFactor = Self.loadFactor(rowStride: isLine ? conv.sourcePixels : 1)
    var best: (cut: TileCut, channels: Int, cycles: Double)?
    for height in 1...min(rows, TileCut.mostRows) {
      for mostVectors in height...Int(SNN_SPMM_VECTORS) {
        let cut = TileCut(rows: rows, columns: columns, tileRows: height, mostVectors: mostVectors)
        let estimate = Self.estimate(cut, conv: conv, cost: cost, loadFactor: loadFactor)
        if estimate.cycles < best?.cycles ?? .infinity { best = (cut, estimate.channels, estimate.cycles) }
      }
    }
    guard let best else { preconditionFailure("an image has at least one row and one column") }
    cycles = best.cycles * Double(conv.batch)
    channelsPerBlock = best.channels
    tiles = best.cut.tiles(sheetCount: 1)
    let wanted = max(1, min(conv.destinationChannels / 32, Self.manyParts / (tiles.count * conv.batch)))
    rowBlocks = pattern.balancedRowBlocks(count: wanted)
    tapOffsets = conv.rows.taps.flatMap { row in
      conv.columns.taps.map { column in
        guard let row, let column else { return -1 }
        return row.shift * conv.columns.sourceCount + column.shift
      }
    }
  }

  private static func estimate(
    _ cut: TileCut, conv: ShiftedConv, cost: TileCost, loadFactor: Double
  ) -> (channels: Int, cycles: Double) {
    func windowVectors(_ rows: Int, _ columns: Int) -> Int {
      (rows + conv.rows.span) * (columns + (conv.columns.span + lanes - 1) / lanes)
    }
    var most = 0
    cut.forEachSize { rows, columns, _ in most = max(most, windowVectors(rows, columns)) }
    let channels = cost.channelsPerBlock(windowVectors: most)
    var cycles = 0.0
    cut.forEachSize { rows, columns, count in
      let product = cost.product(
        vectors: rows * columns, windowVectors: windowVectors(rows, columns), channelsPerBlock: channels,
        loadFactor: loadFactor)
      cycles += product * Double(count)
    }
    return (channels, cycles)
  }

  /// Loads that a vector takes on average, where vectors begin at any multiple of `rowStride` floats: one more where it
  /// crosses a line of 16.
  private static func loadFactor(rowStride: Int) -> Double {
    let step = rowStride.isMultiple(of: 16) ? 16 : rowStride.isMultiple(of: 8) ? 8 : rowStride & -rowStride
    let starts = stride(from: 0, to: 16, by: step)
    let crossing = starts.reduce(0) { $0 + ($1 > 8 ? 1 : 0) }
    return 1 + Double(crossing) / Double(16 / step)
  }
}

/// Each part computes a tile of one image for a block of output channels.
private struct InPlaceJob: ParallelJob {
  let conv: ShiftedConv
  let plan: InPlacePlan
  let packed: PackedEntries
  let kernels: SpMMKernels
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  let epilogue: RunningEpilogue

  func execute(index: Int, worker: Int) {
    let (rest, rowBlock) = index.quotientAndRemainder(dividingBy: plan.rowBlocks.count)
    let (image, tileIndex) = rest.quotientAndRemainder(dividingBy: plan.tiles.count)
    let tile = plan.tiles[tileIndex]
    let (sourceWidth, width) = (conv.columns.sourceCount, conv.columns.count)
    let column = Int(tile.column) * Int(SNN_LANES)
    let rows = plan.rowBlocks[rowBlock]
    let place =
      (image * conv.destinationChannels + rows.lowerBound) * conv.destinationPixels + Int(tile.row) * width + column
    let floats = min(Int(tile.columns) * SNN_LANES, plan.rowLength - column)
    let tail = floats - (Int(tile.columns) - 1) * SNN_LANES
    var finishing = epilogue.finishing(fromChannel: rows.lowerBound, place: place)
    withUnsafePointer(to: &finishing) { finishing in
      let tilePlace = snn_spmm_tile(
        x: source + image * conv.sourceChannels * conv.sourcePixels + Int(tile.row) * sourceWidth + column,
        y: destination + place, x_row_stride: sourceWidth, y_row_stride: width,
        y_channel_stride: conv.destinationPixels, tail: UInt32(tail),
        epilogue: epilogue.isIdentity ? nil : finishing)
      packed.multiply(
        rowBlock: rowBlock, tile: tile, hasTail: tail < SNN_LANES, place: tilePlace, with: kernels)
    }
  }
}
