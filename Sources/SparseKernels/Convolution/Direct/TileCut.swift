/// A rectangle of vectors cut into tiles that fit the registers: strips of about equal height, each cut into parts of about
/// equal width, which end with units of columns.
struct TileCut: Hashable, Sendable {
  /// Extents of one tile, in vectors.
  struct Tile: Hashable, Sendable {
    /// Which of several equal rectangles.
    var sheet: Int32
    var row: Int32
    var column: Int32
    var rows: Int32
    var columns: Int32
  }

  let rows: Int
  let columns: Int
  let stripCount: Int
  private let mostVectors: Int
  /// Columns that stay together.
  private let unit: Int

  /// The most rows that a micro-kernel's tile has.
  static let mostRows = 7

  /// - Parameters:
  ///   - tileRows: rows of a tile, at most; 1 to ``mostRows``.
  ///   - mostVectors: vectors of a tile, at most; not below `tileRows * unit`.
  ///   - unit: divides `columns`.
  init(rows: Int, columns: Int, tileRows: Int, mostVectors: Int, unit: Int = 1) {
    self.rows = rows
    self.columns = columns
    self.mostVectors = mostVectors
    self.unit = unit
    stripCount = (rows + tileRows - 1) / tileRows
  }

  /// The rows of a strip.
  func strip(_ index: Int) -> Range<Int> { rows * index / stripCount..<rows * (index + 1) / stripCount }

  /// How many parts a strip of some height has.
  func partCount(height: Int) -> Int {
    let width = mostVectors / height / unit
    return (columns / unit + width - 1) / width
  }

  /// Calls `body` with each distinct size of tile and how many there are.
  func forEachSize(_ body: (_ rows: Int, _ columns: Int, _ count: Int) -> Void) {
    let short = rows / stripCount
    let tallCount = rows - short * stripCount
    for (height, strips) in [(short + 1, tallCount), (short, stripCount - tallCount)] where strips > 0 {
      let parts = partCount(height: height)
      let narrow = columns / unit / parts
      let wideCount = columns / unit - narrow * parts
      if wideCount > 0 { body(height, (narrow + 1) * unit, strips * wideCount) }
      body(height, narrow * unit, strips * (parts - wideCount))
    }
  }

  /// The tiles of `sheetCount` such rectangles.
  func tiles(sheetCount: Int) -> [Tile] {
    (0..<sheetCount).flatMap { sheet in
      (0..<stripCount).flatMap { stripIndex -> [Tile] in
        let strip = strip(stripIndex)
        let parts = partCount(height: strip.count)
        return (0..<parts).map { part in
          let units = columns / unit
          let (first, end) = (units * part / parts * unit, units * (part + 1) / parts * unit)
          return Tile(
            sheet: Int32(sheet), row: Int32(strip.lowerBound), column: Int32(first), rows: Int32(strip.count),
            columns: Int32(end - first))
        }
      }
    }
  }
}
