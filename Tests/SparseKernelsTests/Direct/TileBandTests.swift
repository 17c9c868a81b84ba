import Testing

@testable import SparseKernels

/// Bands of tiles of rectangles of many sizes.
@Suite struct TileBandTests {
  /// Tiles of several rectangles and bands of them.
  private static let cases: [(tiles: [TileCut.Tile], bands: [TileBand], mostVectors: Int)] = [1, 2, 7, 28, 57].flatMap {
    columns in
    [(1, 1), (5, 1), (5, 2), (14, 7)].flatMap { rows, tileRows in
      [1, 8, 15, 16, 60, 1000].map { most in
        let cut = TileCut(rows: rows, columns: columns, tileRows: tileRows, mostVectors: 15)
        let tiles = cut.tiles(sheetCount: 3)
        return (tiles, TileBand.bands(of: tiles, mostVectors: most), most)
      }
    }
  }

  @Test func bandsAreTheTilesInOrder() throws {
    for (tiles, bands, most) in Self.cases {
      try #require(bands.flatMap(\.tiles) == Array(tiles.indices), "\(most) vectors")
      for band in bands {
        var next = band.extent.column
        for tile in tiles[band.tiles] {
          let isInStrip =
            (tile.sheet, tile.row, tile.rows) == (band.extent.sheet, band.extent.row, band.extent.rows)
          try #require(isInStrip && tile.column == next, "\(tile) in \(band)")
          try #require(band.start(of: tile) == Int(next - band.extent.column), "\(tile) in \(band)")
          next += tile.columns
        }
        try #require(next == band.extent.column + band.extent.columns, "\(band)")
      }
    }
  }

  @Test func bandsHaveAsManyVectorsAsTheyMayOrOneTile() throws {
    for (tiles, bands, most) in Self.cases {
      for band in bands { try #require(band.vectorCount <= most || band.tiles.count == 1, "\(band)") }
      // A strip is one band where it fits, to which rounding tiles up may only add.
      let strips = Dictionary(grouping: tiles) { [$0.sheet, $0.row] }
      for (strip, tiles) in strips {
        let widest = tiles.reduce(0) { max($0, Int($1.rows * $1.columns)) }
        let count = bands.count { [$0.extent.sheet, $0.extent.row] == strip }
        if widest * tiles.count <= most { try #require(count == 1, "\(strip): \(count) bands of \(most) vectors") }
      }
    }
  }

  /// Sums of a row of weights are a whole band, and pieces of them do not meet in the same sets of a cache.
  @Test func sumsHaveRoomAndAnOddDistance() throws {
    for (_, bands, _) in Self.cases {
      for band in bands {
        for lanes in [8, 16] {
          let stride = band.sumStride(lanes: lanes)
          try #require(stride >= band.vectorCount * lanes, "\(band)")
          if band.tiles.count > 1 { try #require(stride.isMultiple(of: 16) && stride / 16 % 2 == 1, "\(band)") }
        }
      }
    }
  }
}
