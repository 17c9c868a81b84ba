import CMicroKernels

/// What a tile costs, in cycles of a core that multiplies and loads sixteen floats a cycle, in one vector or in two. Only ratios
/// matter: they choose between tiles and layouts. The constants of a product are a least-squares fit to tiles of every shape; see ``Rates``
/// for the others.
struct TileCost: Sendable {
  /// Floats of a vector.
  let lanes: Int
  /// Rows of weights, and the weights of all of them.
  let rowCount: Int
  let nnz: Int
  let sourceChannels: Int
  let sourceChannelsPerGroup: Int
  private let rates: Rates

  /// What windows may take of the second-level cache of a core, in bytes.
  static let nearByteCount = max(Processor.current.dataCacheByteCount(level: 2), 256 << 10) * 15 / 32

  /// The first-level cache that windows are to fit, less what sums and entries take: the smaller share where rows have so many
  /// entries that the cost of starting one matters little.
  private static let strictBytes = firstCacheByteCount * 5 / 8
  private static let looseBytes = firstCacheByteCount * 7 / 8

  /// Bytes of the first-level cache that are counted on: 32 KiB or what there is, up to 64.
  static let firstCacheByteCount = min(max(Processor.current.dataCacheByteCount(level: 1), 32 << 10), 64 << 10)
  private static let manyEntries = 24.0
  private static let lineFloats = 16

  /// - Parameter isInPlace: whether planes are read as they lie, rather than through a ``LaneLayout``.
  init(_ conv: ShiftedConv, nnz: Int, lanes: Int, isInPlace: Bool = false) {
    self.lanes = lanes
    let whole = isInPlace ? Rates.wholeVectorsInPlace : .wholeVectors
    rates = InstructionSet.hasWholeWideVectors ? whole : .halfVectors
    rowCount = conv.weightRows
    self.nnz = nnz
    sourceChannels = conv.sourceChannels
    sourceChannelsPerGroup = conv.sourceChannelsPerGroup
  }

  /// Source channels of a block whose windows have so many vectors in each channel.
  ///
  /// - Parameter isCopied: whether windows are copied, and must fit their copy.
  func channelsPerBlock(windowVectors: Int, isCopied: Bool = false) -> Int {
    let bytes = max(1, windowVectors) * lanes * MemoryLayout<Float>.stride
    let loose = isCopied ? min(Self.looseBytes, SNN_SPMM_WINDOW * MemoryLayout<Float>.stride) : Self.looseBytes
    let strict = min(Self.strictBytes, loose) / bytes
    let entries = Double(nnz) / Double(rowCount * sourceChannelsPerGroup) * Double(strict)
    let most = max(1, entries >= Self.manyEntries ? strict : loose / bytes)
    let blocks = (sourceChannels + most - 1) / most
    return (sourceChannels + blocks - 1) / blocks
  }

  /// All destination channels of one tile.
  ///
  /// - Parameters:
  ///   - loadFactor: how many loads an unaligned vector takes, on average.
  ///   - farShare: the share of windows that comes from beyond the second-level cache.
  func product(
    vectors: Int, windowVectors: Int, channelsPerBlock: Int, loadFactor: Double, farShare: Double = 0
  ) -> Double {
    let records = Self.recordCount(
      rows: Double(rowCount), nnz: Double(nnz), channels: sourceChannelsPerGroup, channelsPerBlock: channelsPerBlock)
    let perTile = cyclesPerVector * Double(vectors)
    let perEntry = max(perTile * loadFactor, Double(vectors + 7) / 6) + 0.1
    let perRecord = 1 + rates.partialSums * perTile
    return Double(nnz) * perEntry + records * perRecord + windows(vectors: windowVectors, farShare: farShare)
  }

  /// The products of all weights with one tile of destinations, summed up across lanes.
  func weightGradient(vectors: Int, windowVectors: Int, channelsPerBlock: Int, farShare: Double = 0) -> Double {
    let records = Self.recordCount(
      rows: Double(rowCount), nnz: Double(nnz), channels: sourceChannelsPerGroup, channelsPerBlock: channelsPerBlock)
    let perTile = cyclesPerVector * Double(vectors)
    return Double(nnz) * (1.2 * perTile + 2.5) + records * (8 + perTile)
      + windows(vectors: windowVectors, farShare: farShare)
  }

  /// Pairs of a row of weights and a block of channels that has weights of it, about.
  ///
  /// - Parameter channels: source channels of a group.
  static func recordCount(rows: Double, nnz: Double, channels: Int, channelsPerBlock: Int) -> Double {
    let blocks = Double((channels + channelsPerBlock - 1) / channelsPerBlock)
    return rows * min(blocks, max(1, nnz / rows))
  }

  /// Bringing the windows of all channels into the first-level cache; one that ends within a line takes all of it.
  private func windows(vectors: Int, farShare: Double) -> Double {
    Double(sourceChannels * ((vectors * lanes + Self.lineFloats - 1) / Self.lineFloats))
      * (rates.nearLine + (rates.farLine - rates.nearLine) * farShare)
  }

  /// The share of a layout of so many bytes that the second-level cache does not hold until it is read.
  func farShare(byteCount: Int) -> Double {
    let excess = Double(byteCount) / Double(Self.nearByteCount) - 1
    return excess <= 0 ? 0 : min(1, excess / rates.farExcess)
  }

  /// Whether a tile's sums count as stored together with those of its band.
  var countsBands: Bool { rates.countsBands }

  /// Two narrow vectors a cycle meet in the same bank of the cache now and then.
  private var cyclesPerVector: Double {
    if lanes < Self.lineFloats { return 1.05 * Double(lanes) / Double(Self.lineFloats) }
    return rates.wideVector
  }

  /// By what laying out and storing vectors is dearer than that of eight lanes: those of sixteen are two rows.
  var layingOutFactor: Double { lanes >= Self.lineFloats ? 1 + rates.secondRow : 1 }

  /// Copying vectors of planes.
  func copy(vectors: Int) -> Double { 3 * cyclesPerVector * Double(vectors) }

  /// Describing a row of lanes, for all channels, that is laid out or stored.
  var sourceRow: Double { rates.sourceRow }
  var storedRow: Double { rates.storedRow }

  /// Laying out one row of vectors of one channel: `SNN_LANES` floats each, four vectors together, or each alone at the edges of
  /// the image.
  ///
  /// - Parameters:
  ///   - stride: floats from one source to the next.
  ///   - farShare: the share of rows that goes beyond the second-level cache.
  func gather(vectors: Int, edgeVectors: Int, stride: Int, farShare: Double) -> Double {
    let common = vectors - edgeVectors
    let lines = Int(SNN_LANES) * ((common * stride + Self.lineFloats - 1) / Self.lineFloats)
    return rates.row + rates.line * Double(lines) + rates.quad * Double((common + 3) / 4)
      + rates.edge * Double(edgeVectors) + rates.farVector * farShare * Double(vectors)
  }

  /// Storing one row of such vectors of sums, four together; or each alone, where more than two phases alternate.
  func scatter(vectors: Int, isStrided: Bool) -> Double {
    isStrided ? Double(vectors) * 31.5 : Double((vectors + 3) / 4) * rates.storedQuad
  }
}
