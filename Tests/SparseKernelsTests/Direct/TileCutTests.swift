import Testing

@testable import SparseKernels

/// Tiles of rectangles of many sizes.
@Suite struct TileCutTests {
  private static let lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 28, 31, 56]

  /// All cuts into tiles of at most 15 vectors, as SpMM has them, or 12, as SDDMM has.
  private static let cuts: [(cut: TileCut, tileRows: Int, mostVectors: Int)] = lengths.flatMap { rows in
    lengths.flatMap { columns in
      (1...TileCut.mostRows).flatMap { tileRows in
        [tileRows, 12, 15].map {
          (
            cut: TileCut(rows: rows, columns: columns, tileRows: tileRows, mostVectors: $0), tileRows: tileRows,
            mostVectors: $0
          )
        }
      }
    }
  }

  @Test func tilesCoverEveryVectorOnce() throws {
    for (cut, tileRows, mostVectors) in Self.cuts {
      for sheetCount in [1, 3] {
        var counts = [Int](repeating: 0, count: sheetCount * cut.rows * cut.columns)
        for tile in cut.tiles(sheetCount: sheetCount) {
          for row in tile.row..<tile.row + tile.rows {
            for column in tile.column..<tile.column + tile.columns {
              counts[(Int(tile.sheet) * cut.rows + Int(row)) * cut.columns + Int(column)] += 1
            }
          }
        }
        try #require(
          counts.allSatisfy { $0 == 1 }, "\(cut.rows)x\(cut.columns) in \(tileRows) rows and \(mostVectors) vectors")
      }
    }
  }

  @Test func tilesFitTheRegisters() throws {
    #expect(TileCut.mostRows == 7)
    for (cut, tileRows, mostVectors) in Self.cuts {
      for tile in cut.tiles(sheetCount: 1) {
        let isRight =
          tile.rows >= 1 && tile.columns >= 1 && tile.rows <= tileRows && Int(tile.rows * tile.columns) <= mostVectors
        try #require(isRight, "\(tile) of \(cut.rows)x\(cut.columns) in \(tileRows) rows and \(mostVectors) vectors")
      }
    }
  }

  /// What plans are compared by is what is computed.
  @Test func sizesAreThoseOfTheTiles() throws {
    for (cut, tileRows, mostVectors) in Self.cuts {
      var counted: [[Int]: Int] = [:]
      cut.forEachSize { rows, columns, count in counted[[rows, columns], default: 0] += count }
      let tiles = Dictionary(grouping: cut.tiles(sheetCount: 1)) { [Int($0.rows), Int($0.columns)] }
      try #require(
        counted == tiles.mapValues(\.count),
        "\(cut.rows)x\(cut.columns) in \(tileRows) rows and \(mostVectors) vectors")
    }
  }
}
