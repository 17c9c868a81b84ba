import CMicroKernels
import TensorCore

/// How such a convolution is cut. Vectors are neighbours in a row of the output, or in the whole plane where it is pointwise.
struct InPlacePlan: Sendable {
  /// Floats of a vector.
  let lanes: Int
  let tiles: [TileCut.Tile]
  /// Neighbouring tiles that one thread computes: lines next to each other that two threads write move from core to core.
  let tileRuns: [Range<Int>]
  let channelsPerBlock: Int
  /// Where rows may be cut.
  let rowBlocks: [Range<Int>]
  let tapOffsets: [Int]
  /// Floats from one source channel to the next.
  let channelStride: Int
  /// Floats of a row of tiles.
  let rowLength: Int
  /// Floats of a channel's row in the copy that is made of each window, where one is: planes that are not aligned pay for it.
  let copiedLength: Int?
  /// Whether tiles come from memory, so that it pays to ask for them first.
  let fetchesAhead: Bool

  /// Bytes of sources and destinations that a core's share of the last cache does not hold.
  private static let farByteCount = 8 << 20
  /// Floats of each plane that one thread computes together, about.
  private static let runLength = 512

  /// - Parameters:
  ///   - channelStride: floats from one source channel to the next; nil where planes follow one another.
  ///   - mostRows: the rows of a block, at most.
  init(_ conv: ShiftedConv, pattern: SparsityPattern, channelStride: Int? = nil, mostRows: Int = .max) {
    let isLine = conv.isPointwise
    self.channelStride = channelStride ?? conv.sourcePixels
    let elements = conv.sourceChannels * conv.sourcePixels + conv.destinationChannels * conv.destinationPixels
    fetchesAhead = isLine && conv.batch * elements * MemoryLayout<Float>.stride > Self.farByteCount
    rowLength = isLine ? conv.destinationPixels : conv.columns.count
    let rows = isLine ? 1 : conv.rows.count
    var best: (lanes: Int, cut: TileCut, channels: Int, copies: Bool, cycles: Double)?
    for lanes in SpMMKernels.laneCounts {
      let cost = TileCost(conv, nnz: pattern.nnz, lanes: lanes, isInPlace: true)
      let loadFactor = Self.loadFactor(rowStride: isLine ? self.channelStride : 1, lanes: lanes)
      let columns = (rowLength + lanes - 1) / lanes
      for height in 1...min(rows, TileCut.mostRows) {
        // Short pieces of planes that are far away cost most.
        for mostVectors in (fetchesAhead ? SNN_SPMM_VECTORS : height)...SNN_SPMM_VECTORS {
          let cut = TileCut(rows: rows, columns: columns, tileRows: height, mostVectors: mostVectors)
          for copies in isLine ? [false, true] : [false] {
            let estimate = Self.estimate(cut, conv: conv, cost: cost, loadFactor: copies ? nil : loadFactor)
            if estimate.cycles < best?.cycles ?? .infinity {
              best = (lanes, cut, estimate.channels, copies, estimate.cycles)
            }
          }
        }
      }
    }
    guard let best else { preconditionFailure("an image has at least one row and one column") }
    lanes = best.lanes
    channelsPerBlock = best.channels
    tiles = best.cut.tiles(sheetCount: 1)
    let floats = tiles.reduce(0) { max($0, Int($1.rows * $1.columns)) } * best.lanes
    let tileCount = tiles.count
    let runCount = max(1, tileCount * floats / max(floats, Self.runLength))
    tileRuns = (0..<runCount).map { tileCount * $0 / runCount..<tileCount * ($0 + 1) / runCount }
    copiedLength = best.copies ? tiles.reduce(0) { max($0, Int($1.columns)) } * best.lanes : nil
    rowBlocks = pattern.balancedRowBlocks(count: RowParts.blockCount(rows: pattern.rows), mostRows: mostRows)
    tapOffsets = conv.rows.taps.flatMap { row in
      conv.columns.taps.map { row.shift * conv.columns.sourceCount + $0.shift }
    }
  }

  /// - Parameter loadFactor: loads that a vector takes; nil where windows are copied.
  private static func estimate(
    _ cut: TileCut, conv: ShiftedConv, cost: TileCost, loadFactor: Double?
  ) -> (channels: Int, cycles: Double) {
    func windowVectors(_ rows: Int, _ columns: Int) -> Int {
      (rows + conv.rows.span) * (columns + (conv.columns.span + cost.lanes - 1) / cost.lanes)
    }
    var most = 0
    cut.forEachSize { rows, columns, _ in most = max(most, windowVectors(rows, columns)) }
    let channels = cost.channelsPerBlock(windowVectors: most, isCopied: loadFactor == nil)
    let farShare = cost.farShare(byteCount: conv.sourceChannels * conv.sourcePixels * MemoryLayout<Float>.stride)
    var cycles = 0.0
    cut.forEachSize { rows, columns, count in
      var tile = cost.product(
        vectors: rows * columns, windowVectors: windowVectors(rows, columns), channelsPerBlock: channels,
        loadFactor: loadFactor ?? 1, farShare: farShare)
      if loadFactor == nil { tile += cost.copy(vectors: columns * conv.sourceChannels) }
      cycles += tile * Double(count)
    }
    return (channels, cycles)
  }

  /// Loads that a vector takes on average, where vectors begin at any multiple of `rowStride` floats: one more where it
  /// crosses a line of 16.
  private static func loadFactor(rowStride: Int, lanes: Int) -> Double {
    let step = rowStride.isMultiple(of: 16) ? 16 : rowStride.isMultiple(of: 8) ? 8 : rowStride & -rowStride
    let starts = stride(from: 0, to: 16, by: step)
    let crossing = starts.reduce(0) { $0 + ($1 + lanes > 16 ? 1 : 0) }
    return 1 + Double(crossing) / Double(16 / step)
  }
}
