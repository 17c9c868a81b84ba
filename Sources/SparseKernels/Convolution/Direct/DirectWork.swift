import CMicroKernels
import TensorCore

/// What the busiest thread of a direct convolution does, counted from its plan.
struct DirectWork: Sendable {
  /// What is counted.
  enum Step: String, CaseIterable, Sendable {
    /// A vector of a tile, multiplied and added for an entry: of `SNN_LANES` floats, or of twice as many.
    case product
    case wideProduct
    /// An entry, for a tile: its load and its branch.
    case entry
    /// A record: the entries of a row of weights in a block of source channels.
    case record
    /// Sums that a record loads and stores, by `SNN_LANES`.
    case sum
    /// A line of a window that a tile brings into the first-level cache.
    case window
    /// A row of lanes that is described, for all channels.
    case rowSetup
    /// A row of a channel that is laid out, the lines of its eight lanes that are asked for, its vectors by fours, and vectors that are
    /// laid out lane by lane.
    case gatherRow
    case gatherLine
    case gatherFour
    case gatherSingle
    /// Vectors of sums that are stored by fours; that are stored lane by lane; and those of more than two phases.
    case scatterFour
    case scatterSingle
    case scatterStrided
    /// A vector that is copied to a window, or between planes and positions.
    case copy
    /// A line of the source that is read for the first time; of a source, and of a destination, so large that it is not in a cache.
    case sourceLine
    case farSourceLine
    case farDestinationLine
    /// A line of entries that a tile reads where no second-level cache holds them all.
    case farEntryLine
  }

  private(set) var counts = [Double](repeating: 0, count: Step.allCases.count)

  private mutating func count(_ step: Step, _ amount: Double) {
    counts[Self.index(step)] += amount
  }

  private static func index(_ step: Step) -> Int {
    guard let index = Step.allCases.firstIndex(of: step) else { preconditionFailure("every step is listed") }
    return index
  }

  func amount(_ step: Step) -> Double { counts[Self.index(step)] }

  /// Adds lines of planes and of entries, which all tiles read: `tileCount` of them.
  private mutating func addLines(_ conv: ShiftedConv, nnz: Double, tileCount: Double) {
    let sources = Double(conv.batch * conv.sourceChannels * conv.sourcePixels) / Self.lineFloats
    let destinations = Double(conv.batch * conv.destinationChannels * conv.destinationPixels) / Self.lineFloats
    count(.sourceLine, sources)
    if 64 * (sources + destinations) > CostQuery.farByteCount {
      count(.farSourceLine, sources)
      count(.farDestinationLine, destinations)
    }
    let entryBytes = nnz * Double(MemoryLayout<snn_spmm_entry>.stride)
    if entryBytes > Double(TileCost.nearByteCount) { count(.farEntryLine, tileCount * entryBytes / 64) }
  }

  private static let lineFloats = 16.0

  /// Adds a convolution.
  mutating func add(_ conv: ShiftedConv, pattern: SparsityPattern, threadCount: Int) {
    switch DirectWay(conv) {
    case .inPlace:
      addInPlace(conv, plan: InPlacePlan(conv, pattern: pattern), nnz: pattern.nnz, threadCount: threadCount)
    case .positions(let chunks):
      addPositions(
        chunks, plan: PositionConv.plan(chunks, pattern: pattern), nnz: pattern.nnz, threadCount: threadCount)
    case .lanes:
      let plan = LanePlan(conv, pattern: pattern)
      let share = Self.share(plan.partCount(threadCount: threadCount), threadCount)
      addTiles(conv, plan: plan, nnz: Double(pattern.nnz), share: share)
      addStores(conv, plan: plan, share: share)
      addGather(
        plan.layout, channels: Double(conv.sourceChannels) * Double(plan.rowParts(threadCount: threadCount)) * share)
    }
  }

  /// Adds a weight gradient, as if each went its own way: what ``LaneGradients`` computes from the input's side costs about as much.
  mutating func addWeightGradient(_ conv: ShiftedConv, pattern: SparsityPattern, threadCount: Int) {
    let share = 1 / Double(min(threadCount, WeightGradient.blockCount(conv)))
    if let chunks = PositionChunks(conv) {
      addPositionProducts(PositionProducts(chunks, nnz: pattern.nnz), nnz: Double(pattern.nnz), share: share)
      return
    }
    let plan = LanePlan(conv, pattern: pattern, for: .products)
    let gradientLayout = LaneLayout(
      conv.ofDestinations, regionRows: plan.layout.regionRows, regionColumns: plan.layout.regionColumns,
      chunkGroups: plan.layout.chunkGroups, lanes: plan.layout.lanes)
    addTiles(conv, plan: plan, nnz: Double(pattern.nnz), share: share)
    // Each thread lays all of the input out, and its own rows of the output gradient.
    addGather(plan.layout, channels: Double(conv.sourceChannels))
    addGather(gradientLayout, channels: Double(conv.destinationChannels) * share)
  }

  /// The share of all equal parts that falls to the busiest thread.
  private static func share(_ parts: Int, _ threadCount: Int) -> Double {
    Double((parts + threadCount - 1) / threadCount) / Double(parts)
  }

  private mutating func addTile(
    _ conv: ShiftedConv, vectors: Int, windowVectors: Int, lanes: Int, channelsPerBlock: Int,
    nnz: Double, times: Double
  ) {
    let records = TileCost.recordCount(
      rows: Double(conv.weightRows), nnz: nnz, channels: conv.sourceChannelsPerGroup,
      channelsPerBlock: channelsPerBlock)
    let isWide = lanes > SNN_LANES
    count(isWide ? .wideProduct : .product, times * nnz * Double(vectors))
    count(.entry, times * nnz)
    count(.record, times * records)
    count(.sum, times * records * Double(vectors * lanes / Int(SNN_LANES)))
    count(.window, times * Double(conv.sourceChannels * ((windowVectors * lanes + 15) / 16)))
  }

  private mutating func addInPlace(_ conv: ShiftedConv, plan: InPlacePlan, nnz: Int, threadCount: Int) {
    let runCount = conv.batch * plan.tileRuns.count
    let rowParts = RowParts.count(others: runCount, threadCount: threadCount, most: plan.rowBlocks.count)
    let times = Self.share(runCount * rowParts, threadCount) * Double(conv.batch)
    for tile in plan.tiles {
      let (rows, columns) = (Int(tile.rows), Int(tile.columns))
      let windowColumns = columns + (conv.columns.span + plan.lanes - 1) / plan.lanes
      addTile(
        conv, vectors: rows * columns, windowVectors: (rows + conv.rows.span) * windowColumns, lanes: plan.lanes,
        channelsPerBlock: plan.channelsPerBlock, nnz: Double(nnz), times: times)
      if plan.copiedLength != nil {
        count(.copy, times * Double(rowParts * columns * plan.lanes / Int(SNN_LANES) * conv.sourceChannels))
      }
    }
    addLines(conv, nnz: Double(nnz), tileCount: times * Double(plan.tiles.count))
  }

  private mutating func addPositions(
    _ chunks: PositionChunks, plan: InPlacePlan, nnz: Int, threadCount: Int
  ) {
    let conv = chunks.conv
    let rowParts = RowParts.count(others: chunks.count, threadCount: threadCount, most: plan.rowBlocks.count)
    let share = Self.share(chunks.count * rowParts, threadCount)
    let times = share * Double(chunks.count)
    for tile in plan.tiles {
      addTile(
        conv, vectors: Int(tile.columns), windowVectors: Int(tile.columns), lanes: plan.lanes,
        channelsPerBlock: plan.channelsPerBlock, nnz: Double(nnz), times: times)
    }
    if chunks.hasSourceStride { count(.copy, Double(rowParts) * share * copies(chunks)) }
    if PositionConv.holdsSums(chunks) {
      count(.copy, share * Double(conv.batch * conv.destinationChannels * conv.destinationPixels / Int(SNN_LANES)))
    }
    addLines(conv, nnz: Double(nnz), tileCount: times * Double(plan.tiles.count))
  }

  private mutating func addPositionProducts(_ layout: PositionProducts, nnz: Double, share: Double) {
    let (chunks, conv) = (layout.chunks, layout.chunks.conv)
    let times = share * Double(chunks.count)
    for tile in layout.tiles {
      addTile(
        conv, vectors: Int(tile.columns), windowVectors: Int(tile.columns), lanes: layout.lanes,
        channelsPerBlock: layout.channelsPerBlock, nnz: nnz, times: times)
    }
    // Each thread copies all of the input.
    if chunks.hasSourceStride { count(.copy, copies(chunks)) }
    addLines(conv, nnz: nnz, tileCount: times * Double(layout.tiles.count))
  }

  /// Vectors of all sources that positions read.
  private func copies(_ chunks: PositionChunks) -> Double {
    Double(chunks.count * chunks.positionCount * chunks.conv.sourceChannels / Int(SNN_LANES))
  }

  private mutating func addTiles(_ conv: ShiftedConv, plan: LanePlan, nnz: Double, share: Double) {
    for chunk in 0..<plan.layout.chunkCount {
      for tile in plan.tiles(ofChunk: chunk) {
        let (rows, columns) = (Int(tile.rows), Int(tile.columns))
        addTile(
          conv, vectors: rows * columns,
          windowVectors: plan.layout.windowVectors(tileRows: rows, tileColumns: columns), lanes: plan.layout.lanes,
          channelsPerBlock: plan.channelsPerBlock, nnz: nnz, times: share)
      }
    }
    let tileCount = (0..<plan.layout.chunkCount).reduce(0) { $0 + plan.tiles(ofChunk: $1).count }
    addLines(conv, nnz: nnz, tileCount: share * Double(tileCount))
  }

  /// Rows of lanes are counted by eight.
  private static func eights(_ layout: LaneLayout) -> Double { Double(layout.lanes) / Double(SNN_LANES) }

  private mutating func addStores(_ conv: ShiftedConv, plan: LanePlan, share: Double) {
    let layout = plan.layout
    let rows = share * Double(conv.storedRows) * Self.eights(layout)
    let runs = Double((conv.weightRows + plan.mostRows - 1) / plan.mostRows * conv.rows.destinationStride)
    // What the last region of a row has beyond the image, its lane does not store.
    let beyond = layout.regionsAcross * layout.regionColumns - conv.columns.count
    for chunk in 0..<layout.chunkCount {
      for band in plan.bands(ofChunk: chunk) {
        layout.forEachDestinationRow(of: band.extent, firstGroup: chunk * layout.chunkGroups) { _, _, _, columns in
          let missing = max(0, columns.upperBound - (layout.regionColumns - beyond))
          let common = max(0, columns.count - missing)
          count(.rowSetup, share * runs * Self.eights(layout))
          if conv.columns.destinationStride > 2 {
            count(.scatterStrided, rows * Double(columns.count))
          } else {
            count(.scatterFour, rows * Double((common + 3) / 4))
            count(.scatterSingle, rows * Double(columns.count - common))
          }
        }
      }
    }
  }

  /// Adds laying out `channels` channels of all chunks.
  private mutating func addGather(_ layout: LaneLayout, channels: Double) {
    let columns = layout.conv.columns
    let length = layout.windowColumns
    let rows =
      Self.eights(layout) * Double(layout.groupCount * layout.windowRows * layout.conv.rows.sourcePhases.count)
    // The groups that have a region at the edge of the image.
    let edgeShare = min(1, Double(layout.lanes) / Double(layout.regionsAcross))
    for phase in columns.sourcePhases {
      let last = (layout.regionsAcross - 1) * layout.regionColumns + columns.leastShift
      let outside =
        columns.validSources(from: columns.leastShift, count: length, phase: phase).lowerBound
        + length - columns.validSources(from: last, count: length, phase: phase).upperBound
      count(.rowSetup, rows)
      for (share, common) in [(edgeShare, length - outside), (1 - edgeShare, length)] where share > 0 {
        let times = rows * channels * share
        if common < 4 || columns.sourceStride > 2 {
          count(.gatherSingle, times * Double(length))
        } else {
          count(.gatherRow, times)
          count(.gatherLine, times * Double(Int(SNN_LANES) * ((common * columns.sourceStride + 15) / 16)))
          count(.gatherFour, times * Double((common + 3) / 4))
          count(.gatherSingle, times * Double(length - common))
        }
      }
    }
  }
}
