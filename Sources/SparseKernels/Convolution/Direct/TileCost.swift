import CMicroKernels

/// What a tile costs, in cycles of a core that multiplies and loads sixteen floats a cycle, in one vector or in two. Only ratios
/// matter: they choose between tiles and layouts. The constants are a least-squares fit to tiles of every shape.
struct TileCost: Sendable {
  /// Destination channels, and the weights of all of them.
  let rowCount: Int
  let nnz: Int
  let sourceChannels: Int
  let sourceChannelsPerGroup: Int

  /// What windows may take of the second-level cache of a core, in bytes.
  static let nearByteCount = 640 << 10

  /// The first-level cache that windows are to fit, less what sums and entries take: the smaller share where rows have so many
  /// entries that the cost of starting one matters little.
  private static let strictBytes = 20 << 10
  /// A window that is copied must fit its copy.
  private static let looseBytes = SNN_SPMM_WINDOW * MemoryLayout<Float>.stride
  private static let manyEntries = 24.0
  private static let lineFloats = 16
  private static let cyclesPerNearLine = 1.0
  private static let cyclesPerFarLine = 2.5

  /// Floats of a vector.
  let lanes: Int

  init(_ conv: ShiftedConv, nnz: Int, lanes: Int) {
    self.lanes = lanes
    rowCount = conv.destinationChannels
    self.nnz = nnz
    sourceChannels = conv.sourceChannels
    sourceChannelsPerGroup = conv.sourceChannelsPerGroup
  }

  /// Source channels of a block whose windows have so many vectors in each channel.
  func channelsPerBlock(windowVectors: Int) -> Int {
    let bytes = max(1, windowVectors) * lanes * MemoryLayout<Float>.stride
    let strict = Self.strictBytes / bytes
    let entries = Double(nnz) / Double(rowCount * sourceChannelsPerGroup) * Double(strict)
    let most = max(1, entries >= Self.manyEntries ? strict : Self.looseBytes / bytes)
    let blocks = (sourceChannels + most - 1) / most
    return (sourceChannels + blocks - 1) / blocks
  }

  /// All destination channels of one tile.
  ///
  /// - Parameters:
  ///   - loadFactor: how many loads an unaligned vector takes, on average.
  ///   - isFar: whether windows come from beyond the second-level cache.
  func product(
    vectors: Int, windowVectors: Int, channelsPerBlock: Int, loadFactor: Double, isFar: Bool = false
  ) -> Double {
    let blocksPerRow = Double((sourceChannelsPerGroup + channelsPerBlock - 1) / channelsPerBlock)
    let records = min(blocksPerRow, max(1, Double(nnz) / Double(rowCount))) * Double(rowCount)
    let perTile = cyclesPerVector * Double(vectors)
    let perEntry = max(perTile * loadFactor, Double(vectors + 7) / 6) + 0.1
    let perRecord = 1 + 1.6 * perTile
    // A window that ends within a line takes all of it.
    let lines = Double(sourceChannels * ((windowVectors * lanes + Self.lineFloats - 1) / Self.lineFloats))
    return Double(nnz) * perEntry + records * perRecord + lines
      * (isFar ? Self.cyclesPerFarLine : Self.cyclesPerNearLine)
  }

  /// Two narrow vectors a cycle meet in the same bank of the cache now and then.
  private var cyclesPerVector: Double { lanes >= Self.lineFloats ? 1 : 1.05 * Double(lanes) / Double(Self.lineFloats) }

  /// Copying vectors of planes.
  func copy(vectors: Int) -> Double { 3 * cyclesPerVector * Double(vectors) }

  /// Laying out vectors of sources.
  func gather(vectors: Int, edgeVectors: Int) -> Double {
    cyclesPerVector * (6 * Double(vectors) + 48 * Double(edgeVectors))
  }

  /// Storing rows of sums, `run` neighbours at a time, four of them together.
  func scatter(rows: Int, run: Int) -> Double {
    cyclesPerVector * (run >= 4 ? Double(rows * ((run + 3) / 4)) * 48 : Double(rows * run) * 60)
  }
}
