import TensorCore

/// How an im2col convolution is cut into parts: tiles of output pixels, groups, and blocks of output channels.
///
/// The cut depends on the problem alone, never on the number of threads, so neither do the sums.
struct UnfoldPlan: Sendable {
  let problem: ConvProblem
  let im2col: Im2col
  /// Output pixels of one tile, counted through all images.
  let tilePixels: Int
  /// Blocks of the output channels of one group, in order.
  let rowBlocks: [Range<Int>]
  /// Whether columns are unfolded; if not, the input's own planes are the columns (1x1, stride 1, no padding).
  let unfolds: Bool
  /// Whether all row blocks of a tile share columns that the threads unfold together, because there are too few tiles
  /// for each thread to have its own.
  let sharesColumns: Bool

  /// Tiles and groups from which on there is enough to share out without cutting a tile's rows.
  private static let manyParts = 8

  /// - Parameters:
  ///   - rowBlocks: the blocks to use where the rows are cut.
  ///   - tileBytes: how large the columns of a tile should be about.
  ///   - unfolds: see the property.
  init(_ problem: ConvProblem, rowBlocks: [Range<Int>], tileBytes: Int, minimumTilePixels: Int, unfolds: Bool) {
    self.problem = problem
    self.unfolds = unfolds
    im2col = Im2col(problem)
    let pixels = problem.batch * problem.outputPixels
    let bytesPerPixel = problem.weightsPerOutputChannel * MemoryLayout<Float>.stride
    let wanted = min(pixels, max(minimumTilePixels, tileBytes / max(bytesPerPixel, 1)))
    // Tiles of about equal size, whole images where images are small, whole vectors where they are not.
    if !unfolds {
      tilePixels = Self.evenTile(
        total: problem.outputPixels, wanted: min(wanted, problem.outputPixels), least: minimumTilePixels)
    } else if wanted >= problem.outputPixels {
      tilePixels = wanted / problem.outputPixels * problem.outputPixels
    } else {
      tilePixels = Self.evenTile(total: problem.outputPixels, wanted: wanted, least: minimumTilePixels)
    }
    let tiles = Self.tileCount(problem, tilePixels: tilePixels)
    let isCut = tiles * problem.groups < Self.manyParts
    self.rowBlocks = isCut ? rowBlocks : [0..<problem.outputChannelsPerGroup]
    sharesColumns = unfolds && isCut && rowBlocks.count > 1
  }

  /// The number of tiles. No tile reaches over an image's end unless it holds whole images.
  var tileCount: Int { Self.tileCount(problem, tilePixels: tilePixels) }

  /// The output pixels of a tile, counted through all images.
  func pixels(ofTile tile: Int) -> Range<Int> {
    let perImage = problem.outputPixels
    if tilePixels >= perImage {
      let first = tile * tilePixels
      return first..<min(first + tilePixels, problem.batch * perImage)
    }
    let tilesPerImage = (perImage + tilePixels - 1) / tilePixels
    let (image, index) = tile.quotientAndRemainder(dividingBy: tilesPerImage)
    let first = image * perImage + index * tilePixels
    return first..<min(first + tilePixels, (image + 1) * perImage)
  }

  /// Whether some tile holds several images.
  var spansImages: Bool { tilePixels > problem.outputPixels }

  private static func tileCount(_ problem: ConvProblem, tilePixels: Int) -> Int {
    let perImage = problem.outputPixels
    if tilePixels >= perImage { return (problem.batch * perImage + tilePixels - 1) / tilePixels }
    return problem.batch * ((perImage + tilePixels - 1) / tilePixels)
  }

  /// The size of tiles that two threads share fairly: an even number of them, fewer where more would be too small.
  private static func evenTile(total: Int, wanted: Int, least: Int) -> Int {
    var tiles = (total + wanted - 1) / wanted
    if tiles > 1, !tiles.isMultiple(of: 2) { tiles += total / (tiles + 1) >= least ? 1 : -1 }
    let even = (total + tiles - 1) / tiles
    return min(total, (even + 15) & ~15)
  }
}
