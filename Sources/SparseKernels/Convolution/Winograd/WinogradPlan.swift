import CMicroKernels
import TensorCore

/// How a Winograd convolution is cut: the size of tiles, and blocks of tiles whose elements stay in the second-level cache
/// from the transform of the input to that of the output.
///
/// Tiles are counted through all images, row by row. The cut depends on the problem, never on the number of threads, so neither do
/// the sums.
struct WinogradPlan: Sendable {
  let problem: ConvProblem
  let tile: WinogradTile
  /// Tiles of a row of tiles, and rows of tiles of an image.
  let tilesPerLine: Int
  let linesPerImage: Int
  /// Tiles of a block; the last may have fewer.
  let blockTileCount: Int
  /// Tiles of all images.
  let tileCount: Int
  /// How the elements of a block's inputs and of its sums lie.
  let inputLayout: snn_winograd_planes
  let sumLayout: snn_winograd_planes

  /// Blocks and groups from which on there is enough to share out without cutting a block.
  private static let manyParts = 8
  /// How large the elements of a block should be, so that they stay in the second-level cache.
  private static let blockByteCount = 1 << 20
  /// Tiles of a block, even if it is larger then: with fewer, products wait for weights; more help none.
  private static let leastTiles = 32
  private static let mostTiles = 64

  /// A plan with the tile that is faster.
  init(_ problem: ConvProblem) {
    self.init(problem, tile: Self.tile(for: problem))
  }

  init(_ problem: ConvProblem, tile: WinogradTile) {
    self.problem = problem
    self.tile = tile
    (linesPerImage, tilesPerLine) = Self.grid(problem, tile)
    tileCount = problem.batch * linesPerImage * tilesPerLine
    let channels = problem.inputChannelsPerGroup + problem.outputChannelsPerGroup
    let bytesPerTile = tile.positions * channels * MemoryLayout<Float>.stride
    let wanted = min(Self.mostTiles, max(Self.leastTiles, Self.blockByteCount / bytesPerTile / 8 * 8))
    // Blocks of about equal size, of whole vectors.
    let blocks = (tileCount + wanted - 1) / wanted
    blockTileCount = ((tileCount + blocks - 1) / blocks + 7) / 8 * 8
    inputLayout = Self.layout(channels: problem.inputChannelsPerGroup, tiles: blockTileCount)
    sumLayout = Self.layout(channels: problem.outputChannelsPerGroup, tiles: blockTileCount)
  }

  /// The faster tile, or the more exact one where it is no more than a tenth slower.
  static func tile(for problem: ConvProblem) -> WinogradTile {
    cost(problem, .two) <= 1.1 * cost(problem, .four) ? .two : .four
  }

  /// About what a tile costs, in multiply-adds.
  ///
  /// A product takes as long for one column as for a vector of sixteen. A transform takes about nine multiply-adds' time for
  /// each element of an input or output channel, whatever the tile.
  private static func cost(_ problem: ConvProblem, _ tile: WinogradTile) -> Double {
    let (lines, columns) = grid(problem, tile)
    let tiles = problem.batch * lines * columns
    let (inputs, outputs) = (problem.inputChannelsPerGroup, problem.outputChannelsPerGroup)
    let products = Double((tiles + 15) / 16 * 16) * Double(inputs) * Double(outputs)
    return Double(tile.positions) * (products + 9 * Double(tiles) * Double(inputs + outputs))
  }

  /// The rows of tiles of an image and the tiles of a row.
  static func grid(_ problem: ConvProblem, _ tile: WinogradTile) -> (lines: Int, columns: Int) {
    let most = tile.outputs - 1
    return (
      (problem.outputSize.height + most) / tile.outputs, (problem.outputSize.width + most) / tile.outputs
    )
  }

  /// Whole cache lines for each channel, which vectors do not cross, and an odd number of them from one position to the next:
  /// all positions of a tile are written together, and at a multiple of a page they would evict each other from the first-level
  /// cache.
  private static func layout(channels: Int, tiles: Int) -> snn_winograd_planes {
    let line = 16
    let linesPerChannel = (tiles + line - 1) / line
    return snn_winograd_planes(
      position_stride: (channels * linesPerChannel | 1) * line, channel_stride: linesPerChannel * line)
  }

  var blockCount: Int { (tileCount + blockTileCount - 1) / blockTileCount }

  /// Whether the threads share each block, because there are too few for each thread to have its own.
  var sharesBlocks: Bool { blockCount * problem.groups < Self.manyParts }

  /// The tiles of a block.
  func tiles(ofBlock block: Int) -> Range<Int> {
    let first = block * blockTileCount
    return first..<min(first + blockTileCount, tileCount)
  }

  /// Floats of the elements of a block's inputs, and of its sums.
  var inputElementCount: Int { tile.positions * inputLayout.position_stride }
  var sumElementCount: Int { tile.positions * sumLayout.position_stride }

  /// Groups of eight tiles in a block.
  var groupCount: Int { blockTileCount / Int(SNN_WINOGRAD_TILES) }

  /// Output channels that one call of sgemm takes, for a number of tiles.
  ///
  /// Up to a million multiply-adds OpenBLAS reads both matrices where they lie; for more it copies them first, which these
  /// products are too thin to repay. Whole multiples of what it takes at once are faster.
  func productRows(tileCount: Int) -> Int {
    let rows = problem.outputChannelsPerGroup
    let fitting = 1_000_000 / max(1, tileCount * problem.inputChannelsPerGroup)
    if fitting >= rows { return rows }
    return fitting >= 48 ? fitting / 48 * 48 : fitting >= 24 ? 24 : max(8, fitting / 8 * 8)
  }
}

extension WinogradPlan {
  /// Writes where the windows of a block's tiles lie, for one group of channels.
  ///
  /// - Returns: the number of groups of tiles.
  func describeWindows(
    _ tiles: Range<Int>, group: Int, into groups: UnsafeMutablePointer<snn_winograd_group>
  ) -> Int {
    let most = Int(SNN_WINOGRAD_TILES)
    var (count, first) = (0, tiles.lowerBound)
    while first < tiles.upperBound {
      let end = min(first + most, tiles.upperBound)
      describeGroup(first..<end, group: group, into: groups + count)
      (count, first) = (count + 1, end)
    }
    return count
  }

  /// Writes the runs of up to eight tiles.
  private func describeGroup(
    _ tiles: Range<Int>, group: Int, into description: UnsafeMutablePointer<snn_winograd_group>
  ) {
    description.pointee.run_count = 0
    withUnsafeMutableBytes(of: &description.pointee.run) { bytes in
      let runs = bytes.assumingMemoryBound(to: snn_winograd_run.self)
      var (count, tile) = (0, tiles.lowerBound)
      while tile < tiles.upperBound {
        let column = tile % tilesPerLine
        let length = min(tilesPerLine - column, tiles.upperBound - tile)
        runs[count] = run(line: tile / tilesPerLine, column: column, tileCount: length, group: group)
        (count, tile) = (count + 1, tile + length)
      }
      description.pointee.run_count = count
    }
  }

  private func run(line: Int, column: Int, tileCount: Int, group: Int) -> snn_winograd_run {
    let (image, row) = line.quotientAndRemainder(dividingBy: linesPerImage)
    let (size, inputs) = (problem.inputSize, tile.inputs)
    let top = row * tile.outputs - problem.padding.top
    let left = column * tile.outputs - problem.padding.left
    let columns = tileCount * tile.outputs + 2
    func clamped(_ value: Int, _ most: Int) -> Int32 { Int32(min(max(0, value), most)) }
    let plane = image * problem.inputChannels + group * problem.inputChannelsPerGroup
    return snn_winograd_run(
      offset: plane * problem.inputPixels + top * size.width + left, tile_count: Int32(tileCount),
      first_row: clamped(-top, inputs), end_row: clamped(size.height - top, inputs),
      first_column: clamped(-left, columns), end_column: clamped(size.width - left, columns))
  }

  /// Writes where a block's tiles belong in the output, for one group of channels.
  func describeOutputs(
    _ tiles: Range<Int>, group: Int, into descriptions: UnsafeMutablePointer<snn_winograd_tile>
  ) {
    let (size, outputs) = (problem.outputSize, tile.outputs)
    for (index, tile) in tiles.enumerated() {
      let (line, column) = tile.quotientAndRemainder(dividingBy: tilesPerLine)
      let (image, row) = line.quotientAndRemainder(dividingBy: linesPerImage)
      let plane = image * problem.outputChannels + group * problem.outputChannelsPerGroup
      let (y, x) = (row * outputs, column * outputs)
      descriptions[index] = snn_winograd_tile(
        offset: plane * problem.outputPixels + y * size.width + x, row_count: Int32(min(outputs, size.height - y)),
        column_count: Int32(min(outputs, size.width - x)))
    }
  }
}
