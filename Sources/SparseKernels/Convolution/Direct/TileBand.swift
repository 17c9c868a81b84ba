/// Neighbouring tiles of a strip whose sums are held together, so that longer rows are stored at a time.
struct TileBand: Hashable, Sendable {
  /// Which of the tiles of a chunk.
  let tiles: Range<Int>
  /// What they cover.
  let extent: TileCut.Tile

  var vectorCount: Int { Int(extent.rows * extent.columns) }

  /// Where a tile of the band begins in one channel's sums, in vectors.
  func start(of tile: TileCut.Tile) -> Int { Int(tile.column - extent.column) }

  /// Floats from the sums of one row of weights to those of the next: an odd number of lines where a tile's are pieces at this
  /// distance, which then spread over all sets of the first-level cache.
  func sumStride(lanes: Int) -> Int {
    let count = vectorCount * lanes
    return tiles.count == 1 ? count : ((count + 15) / 16 | 1) * 16
  }

  /// The fewest bands, of about equal size, that have at most so many vectors each, or one tile.
  ///
  /// - Parameter tiles: as ``TileCut/tiles(sheetCount:)`` has them.
  static func bands(of tiles: [TileCut.Tile], mostVectors: Int) -> [TileBand] {
    var bands: [TileBand] = []
    var first = 0
    while first < tiles.count {
      let strip = tiles[first]
      let end = tiles[first...].firstIndex { ($0.sheet, $0.row) != (strip.sheet, strip.row) } ?? tiles.count
      let widest = tiles[first..<end].reduce(0) { max($0, Int($1.columns)) }
      let tilesPerBand = max(1, mostVectors / (Int(strip.rows) * widest))
      let count = (end - first + tilesPerBand - 1) / tilesPerBand
      for band in 0..<count {
        let range = first + (end - first) * band / count..<first + (end - first) * (band + 1) / count
        var extent = tiles[range.lowerBound]
        extent.columns = tiles[range].reduce(0) { $0 + $1.columns }
        bands.append(TileBand(tiles: range, extent: extent))
      }
      first = end
    }
    return bands
  }
}
