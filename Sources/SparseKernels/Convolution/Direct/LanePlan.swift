import CMicroKernels
import TensorCore

/// How a convolution is computed through a ``LaneLayout``: the layout, the tiles, and the blocks of channels. All of it follows
/// from the problem, the pattern and the processor, never from the number of threads.
struct LanePlan: Sendable {
  let layout: LaneLayout
  let channelsPerBlock: Int
  /// Floats from one source channel to the next.
  let channelStride: Int
  /// Where rows may be cut.
  let rowBlocks: [Range<Int>]
  /// The rows whose sums a thread can hold.
  let mostRows: Int
  /// The tiles of a whole chunk and of the last.
  let tiles: [TileCut.Tile]
  let lastTiles: [TileCut.Tile]
  /// The same in bands.
  private let bands: [TileBand]
  private let lastBands: [TileBand]
  /// Floats of the sums of the largest band and run of rows.
  let sumElementCount: Int

  /// Sums of a tile of a run of rows, which a thread keeps for itself, in bytes.
  private static let mostSumBytes = 56 << 10
  /// The same of a band.
  static let mostBandBytes = max(mostSumBytes, TileCost.nearByteCount / 4)

  /// Floats that vectors may have: sixteen where they go through the core whole. Where they go in halves, eight take as long and
  /// fill small images better.
  static let laneCounts = SpMMKernels.laneCounts.filter { $0 == SNN_LANES || InstructionSet.hasWholeWideVectors }

  /// What becomes of tiles.
  enum Purpose {
    /// Their sums are stored, row by row.
    case sums
    /// They are multiplied with destinations laid out in the same regions, of which none may reach beyond the image.
    case products

    /// The vectors that the largest tile may have, to choose from. Small tiles have small windows, so more channels in a block.
    fileprivate var tileVectors: [Int] {
      switch self {
      case .sums: [SNN_SPMM_VECTORS, SNN_SPMM_VECTORS / 2 + 1]
      case .products: [SDDMMKernels.mostVectors]
      }
    }

    /// Vectors of a line of regions' rows that tiles do not cut, so that few pieces of rows are stored: what fills a tile best, of
    /// parts of a row that are stored four vectors at a time.
    fileprivate func unit(_ layout: LaneLayout, mostVectors: Int) -> Int {
      guard self == .sums, layout.sheets == .line else { return 1 }
      let columns = layout.regionColumns
      let parts = (4...max(4, mostVectors)).filter { columns.isMultiple(of: $0) && $0 <= mostVectors }
      return parts.max { mostVectors / $0 * $0 <= mostVectors / $1 * $1 } ?? 1
    }
  }

  /// The cheapest plan.
  ///
  /// - Parameters:
  ///   - purpose: what becomes of tiles.
  ///   - laneCounts: the floats that vectors may have, to choose from.
  ///   - rowBlockCount: the row blocks that are wanted at least; see ``RowParts/blockCount(rows:wanted:)``.
  init(
    _ conv: ShiftedConv, pattern: SparsityPattern, for purpose: Purpose = .sums,
    laneCounts: [Int] = LanePlan.laneCounts, rowBlockCount: Int = 1
  ) {
    self.init(
      Candidate.cheapest(conv, nnz: pattern.nnz, laneCounts: laneCounts, purpose: purpose), pattern: pattern,
      rowBlockCount: rowBlockCount)
  }

  /// Plans of sums and of products that share a layout: of those that are nearly the best for sums, the cheapest for both. Nil if none
  /// of them divides the image evenly, or if layouts of their own cost less.
  ///
  /// - Parameter rowBlockCount: as in ``init(_:pattern:for:laneCounts:rowBlockCount:)``.
  static func sharing(
    _ conv: ShiftedConv, pattern: SparsityPattern, rowBlockCount: Int
  ) -> (sums: LanePlan, products: LanePlan)? {
    guard let candidates = Candidate.sharing(conv, nnz: pattern.nnz, laneCounts: laneCounts) else { return nil }
    let sums = LanePlan(candidates.sums, pattern: pattern, rowBlockCount: rowBlockCount)
    return (sums, LanePlan(candidates.products, pattern: pattern, channelStride: sums.channelStride))
  }

  /// - Parameter channelStride: nil for what suits the tiles best.
  private init(
    _ candidate: Candidate, pattern: SparsityPattern, channelStride: Int? = nil, rowBlockCount: Int = 1
  ) {
    let conv = candidate.layout.conv
    layout = candidate.layout
    channelsPerBlock = candidate.channelsPerBlock
    let lastGroups = layout.groupCount - (layout.chunkCount - 1) * layout.chunkGroups
    tiles = candidate.cut(groups: layout.chunkGroups).tiles(
      sheetCount: layout.sheetSize(groups: layout.chunkGroups).count)
    lastTiles = candidate.cut(groups: lastGroups).tiles(sheetCount: layout.sheetSize(groups: lastGroups).count)
    let largest = tiles.max { $0.rows * $0.columns < $1.rows * $1.columns } ?? tiles[0]
    self.channelStride = channelStride ?? layout.channelStride(tile: largest, channels: channelsPerBlock)
    let vectors = (tiles + lastTiles).reduce(0) { max($0, Int($1.rows * $1.columns)) }
    let room = SumRoom(layout, tileVectors: vectors)
    mostRows = room.mostRows
    rowBlocks = pattern.balancedRowBlocks(
      count: RowParts.blockCount(rows: pattern.rows, wanted: rowBlockCount), mostRows: mostRows,
      multipleOf: conv.destinationPhaseCount)
    bands = TileBand.bands(of: tiles, mostVectors: room.bandVectors)
    lastBands = TileBand.bands(of: lastTiles, mostVectors: room.bandVectors)
    let stride = (bands + lastBands).reduce(0) { max($0, $1.sumStride(lanes: candidate.layout.lanes)) }
    sumElementCount = room.heldRows * stride
  }

  /// How many sums a thread keeps for itself.
  private struct SumRoom {
    /// Rows of weights, of a tile's sums: all phases of a channel, which are stored together.
    let mostRows: Int
    /// The same where there are fewer.
    let heldRows: Int
    /// Vectors of a band, in each of these rows. With the layout of a chunk they take no more than a copy of all sources would, and
    /// a tile's sums.
    let bandVectors: Int

    /// - Parameter tileVectors: those of the largest tile.
    init(_ layout: LaneLayout, tileVectors: Int) {
      let phases = layout.conv.destinationPhaseCount
      let vectorBytes = layout.lanes * MemoryLayout<Float>.stride
      mostRows = max(1, mostSumBytes / (tileVectors * vectorBytes) / phases) * phases
      heldRows = min(layout.conv.weightRows, mostRows)
      let bytes = min(mostBandBytes, mostSumBytes + (layout.chunkCount - 1) * layout.chunkByteCount)
      bandVectors = bytes / (heldRows * vectorBytes)
    }
  }

  /// The tiles of a chunk.
  func tiles(ofChunk chunk: Int) -> [TileCut.Tile] { chunk == layout.chunkCount - 1 ? lastTiles : tiles }

  /// The tiles of a chunk in bands.
  func bands(ofChunk chunk: Int) -> [TileBand] { chunk == layout.chunkCount - 1 ? lastBands : bands }

  /// Into how many parts the rows of a chunk are cut; each part lays the chunk out for itself.
  func rowParts(threadCount: Int) -> Int {
    RowParts.count(others: layout.chunkCount, threadCount: threadCount, most: rowBlocks.count)
  }

  /// Calls `body` with runs of row blocks, of those given, whose sums a thread can hold.
  func forEachRun(of blocks: Range<Int>, _ body: (Range<Int>) -> Void) {
    var start = blocks.lowerBound
    for end in blocks where end + 1 == blocks.upperBound || rows(of: start..<end + 2).count > mostRows {
      body(start..<end + 1)
      start = end + 1
    }
  }

  /// The rows of some row blocks.
  func rows(of blocks: Range<Int>) -> Range<Int> {
    rowBlocks[blocks.lowerBound].lowerBound..<rowBlocks[blocks.upperBound - 1].upperBound
  }

  func partCount(threadCount: Int) -> Int { layout.chunkCount * rowParts(threadCount: threadCount) }

  /// Floats of the layout of a chunk.
  var layoutElementCount: Int { layout.conv.sourceChannels * channelStride }

  /// Lays all sources of a chunk out.
  ///
  /// - Parameter rows: room for a window's rows, on each side.
  func gather(
    chunk: Int, of source: UnsafePointer<Float>, into lanes: UnsafeMutablePointer<Float>,
    rows: UnsafeMutablePointer<snn_lane_row>, isa: snn_isa
  ) {
    layout.gather(
      chunk: chunk, channels: 0..<layout.conv.sourceChannels, of: source, into: lanes, channelStride: channelStride,
      rows: rows, isa: isa)
  }

  /// What the search compares.
  private struct Candidate {
    var layout: LaneLayout
    var tileRows: Int
    var mostVectors: Int
    var unit: Int
    var channelsPerBlock = 1
    var cycles = 0.0

    func cut(groups: Int) -> TileCut {
      let size = layout.sheetSize(groups: groups)
      return TileCut(
        rows: size.rows, columns: size.columns, tileRows: min(tileRows, size.rows),
        mostVectors: mostVectors, unit: unit)
    }

    /// The cheapest of all sizes of region that divide the image into equal parts, nearly, and all heights of tile.
    static func cheapest(
      _ conv: ShiftedConv, nnz: Int, laneCounts: [Int], purpose: Purpose
    ) -> Candidate {
      var best: Candidate?
      forEachLayout(conv, nnz: nnz, laneCounts: laneCounts, dividesEvenly: purpose == .products) { layout, cost in
        let candidate = cheapest(of: layout, cost, purpose: purpose)
        if candidate.cycles < best?.cycles ?? .infinity { best = candidate }
      }
      guard let best else { preconditionFailure("an image has at least one row and one column") }
      return best
    }

    /// What sums may cost in a shared layout, by what they cost in the best.
    private static let nearlyTheBest = 1.03

    /// See ``LanePlan/sharing(_:pattern:rowBlockCount:)``.
    static func sharing(
      _ conv: ShiftedConv, nnz: Int, laneCounts: [Int]
    ) -> (sums: Candidate, products: Candidate)? {
      let sumsAlone = cheapest(conv, nnz: nnz, laneCounts: laneCounts, purpose: .sums).cycles
      let productsAlone = cheapest(conv, nnz: nnz, laneCounts: laneCounts, purpose: .products).cycles
      var best: (sums: Candidate, products: Candidate)?
      var leastCycles = sumsAlone + productsAlone
      forEachLayout(conv, nnz: nnz, laneCounts: laneCounts, dividesEvenly: true) { layout, cost in
        let sums = cheapest(of: layout, cost, purpose: .sums)
        if sums.cycles > sumsAlone * nearlyTheBest { return }
        let products = cheapest(of: layout, cost, purpose: .products)
        // The layout is made once.
        let cycles = sums.cycles + products.cycles - products.gather(cost)
        if cycles < leastCycles { (best, leastCycles) = ((sums, products), cycles) }
      }
      return best
    }

    private static func forEachLayout(
      _ conv: ShiftedConv, nnz: Int, laneCounts: [Int], dividesEvenly: Bool,
      _ body: (LaneLayout, TileCost) -> Void
    ) {
      for lanes in laneCounts {
        let cost = TileCost(conv, nnz: nnz, lanes: lanes)
        for rows in sizes(conv.rows.count) where !dividesEvenly || conv.rows.count.isMultiple(of: rows) {
          for columns in sizes(conv.columns.count)
          where !dividesEvenly || conv.columns.count.isMultiple(of: columns) {
            body(LaneLayout(conv, regionRows: rows, regionColumns: columns, lanes: lanes), cost)
          }
        }
      }
    }

    private static func cheapest(of layout: LaneLayout, _ cost: TileCost, purpose: Purpose) -> Candidate {
      var best: Candidate?
      let heights = layout.sheets == .line ? 1...1 : 1...TileCut.mostRows
      for height in heights {
        if height > layout.sheetSize(groups: layout.chunkGroups).rows { break }
        for vectors in purpose.tileVectors where vectors >= height {
          var candidate = Candidate(
            layout: layout, tileRows: height, mostVectors: vectors,
            unit: purpose.unit(layout, mostVectors: vectors))
          candidate.estimate(cost, purpose: purpose)
          if candidate.cycles < best?.cycles ?? .infinity { best = candidate }
        }
      }
      guard let best else { preconditionFailure("a region has at least one row") }
      return best
    }

    /// The sizes of the largest part when `count` is cut into 1, 2, ... parts, each once: about 2 * sqrt(count) sizes.
    private static func sizes(_ count: Int) -> [Int] {
      var sizes = [count]
      while let last = sizes.last, last > 1 {
        let parts = (count + last - 2) / (last - 1)
        sizes.append((count + parts - 1) / parts)
      }
      return sizes
    }

    private mutating func estimate(_ cost: TileCost, purpose: Purpose) {
      let conv = layout.conv
      let cut = cut(groups: layout.chunkGroups)
      var (windows, mostVectors) = (0, 0)
      cut.forEachSize { rows, columns, _ in
        windows = max(windows, layout.windowVectors(tileRows: rows, tileColumns: columns))
        mostVectors = max(mostVectors, rows * columns)
      }
      let room = SumRoom(layout, tileVectors: mostVectors)
      let farShare = cost.farShare(byteCount: layout.chunkByteCount)
      channelsPerBlock = cost.channelsPerBlock(windowVectors: windows)
      let chunks = Double(layout.groupCount) / Double(layout.chunkGroups)
      let sheets = layout.sheetSize(groups: layout.chunkGroups).count
      cycles = 0
      cut.forEachSize { rows, columns, count in
        let window = layout.windowVectors(tileRows: rows, tileColumns: columns)
        let tile =
          switch purpose {
          case .sums:
            cost.product(
              vectors: rows * columns, windowVectors: window, channelsPerBlock: channelsPerBlock, loadFactor: 1,
              farShare: farShare) + stores(rows: rows, columns: columns, room, cost)
          case .products:
            cost.weightGradient(
              vectors: rows * columns, windowVectors: window, channelsPerBlock: channelsPerBlock,
              farShare: farShare)
          }
        cycles += tile * Double(count * sheets) * chunks
      }
      cycles += gather(cost)
      if purpose == .products {
        let destinations = LaneLayout(
          conv.ofDestinations, regionRows: layout.regionRows, regionColumns: layout.regionColumns, chunkGroups: 1,
          lanes: layout.lanes)
        cycles += Self.gather(destinations, farShare: 0, cost)
      }
    }

    /// Storing the sums of a tile, without rows that are zero. Where bands count, it is those of tiles of one row: taller ones measured
    /// slower than their bands would let expect.
    private func stores(rows: Int, columns: Int, _ room: SumRoom, _ cost: TileCost) -> Double {
      let conv = layout.conv
      let tilesOfBand = cost.countsBands && rows == 1 ? max(1, room.bandVectors / columns) : 1
      let run = min(layout.regionColumns, columns * tilesOfBand)
      let row =
        cost.scatter(vectors: run, isStrided: conv.columns.destinationStride > 2) * Double(conv.weightRows)
        + cost.storedRow * Double(conv.rows.destinationStride)
      return row * Double(rows * columns) / Double(run) * cost.layingOutFactor
    }

    /// Laying all sources out.
    func gather(_ cost: TileCost) -> Double {
      Self.gather(layout, farShare: cost.farShare(byteCount: layout.chunkByteCount), cost)
    }

    private static func gather(_ layout: LaneLayout, farShare: Double, _ cost: TileCost) -> Double {
      let conv = layout.conv
      let row = cost.gather(
        vectors: layout.windowColumns, edgeVectors: layout.edgeColumns, stride: conv.columns.sourceStride,
        farShare: farShare)
      let rows = Double(layout.groupCount * conv.phaseCount * layout.windowRows)
      return rows * (row * Double(conv.sourceChannels) + cost.sourceRow) * cost.layingOutFactor
    }
  }
}

extension LaneLayout {
  /// Chunks from which on threads have enough to share.
  private static let manyChunks = 8
  /// Vectors of a row of tiles that are worth having, where rows are made of groups.
  private static let fewVectors = 14

  /// A layout whose chunks fit the second-level cache, if groups do, and are as many as threads want, if there are as many groups.
  fileprivate init(_ conv: ShiftedConv, regionRows: Int, regionColumns: Int, lanes: Int) {
    let one = LaneLayout(conv, regionRows: regionRows, regionColumns: regionColumns, chunkGroups: 1, lanes: lanes)
    let fitting = max(1, TileCost.nearByteCount / max(1, one.chunkByteCount))
    let least =
      one.sheets == .regions ? 1 : (Self.fewVectors + regionColumns * regionRows - 1) / (regionColumns * regionRows)
    let groups = min(one.groupCount, fitting, max(least, one.groupCount / Self.manyChunks))
    // Chunks of about equal size.
    let chunks = (one.groupCount + groups - 1) / groups
    self.init(
      conv, regionRows: regionRows, regionColumns: regionColumns,
      chunkGroups: (one.groupCount + chunks - 1) / chunks, lanes: lanes)
  }

  fileprivate var chunkByteCount: Int { conv.sourceChannels * channelVectors * lanes * MemoryLayout<Float>.stride }

  /// Vectors of one group in all phases.
  var phaseVectors: Int { conv.phaseCount * windowVectors }

  /// Vectors of a window's row that are laid out lane by lane: at the edges of the image, and all where rows are shorter than the
  /// four vectors that are laid out together. (At strides beyond two it is all of them whatever the plan, which need not know.)
  fileprivate var edgeColumns: Int {
    let edges = conv.rows.isInside && conv.columns.isInside ? 0 : conv.columns.span
    return windowColumns - edges < 4 ? windowColumns : edges
  }

  /// Vectors that a tile reads of one channel.
  func windowVectors(tileRows: Int, tileColumns: Int) -> Int {
    let columns = tileColumns + conv.columns.span
    return switch sheets {
    case .regions: conv.phaseCount * (tileRows + conv.rows.span) * columns
    case .groups: conv.phaseCount * tileRows * windowRows * columns
    case .line: conv.phaseCount * tileColumns
    }
  }
}
