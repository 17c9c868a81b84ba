/// The first-level cache as far as it matters where channels lie: lines of 64 bytes in 64 sets, as in every x86 core with
/// 32 or 48 KiB, which differ in the lines of a set.
private enum Cache {
  static let lineFloats = 16
  static let sets = 64
  /// Lines of a set that windows may fill, so that sums and entries have the rest.
  static let ways = TileCost.firstCacheByteCount / (sets * 64) - 1
}

extension LaneLayout {
  /// The floats from one channel to the next that keep the windows of a block of channels from crowding the same sets of the
  /// cache: with an unlucky stride a tile that would fit four times over evicts itself.
  ///
  /// - Complexity: O(64 * lines of the windows).
  func channelStride(tile: TileCut.Tile, channels: Int) -> Int {
    let least = (channelVectors * lanes + Cache.lineFloats - 1) / Cache.lineFloats
    var best = (stride: least, crowd: Int.max)
    for stride in least..<least + Cache.sets {
      let crowd = crowding(tile: tile, channels: channels, strideLines: stride, bound: best.crowd)
      if crowd < best.crowd { best = (stride, crowd) }
      if crowd == 0 { break }
    }
    return best.stride * Cache.lineFloats
  }

  /// Lines beyond what each set can hold; may stop counting at `bound`.
  private func crowding(tile: TileCut.Tile, channels: Int, strideLines: Int, bound: Int) -> Int {
    var counts = [Int](repeating: 0, count: Cache.sets)
    var crowd = 0
    forEachWindowRow(of: tile) { start, length in
      for channel in 0..<channels {
        let first = channel * strideLines * Cache.lineFloats + start
        for line in first / Cache.lineFloats...(first + length - 1) / Cache.lineFloats {
          counts[line % Cache.sets] += 1
          if counts[line % Cache.sets] > Cache.ways { crowd += 1 }
        }
      }
    }
    return crowd
  }

  /// Calls `body` with each row of the window that a tile reads, where it begins and how long it is, in floats.
  private func forEachWindowRow(of tile: TileCut.Tile, _ body: (_ start: Int, _ length: Int) -> Void) {
    let length = (Int(tile.columns) + conv.columns.span) * lanes
    let (rows, step) = sheets == .groups ? (windowRows, windowVectors) : (1, windowColumns)
    let sheetRows = sheets == .groups ? Int(tile.rows) : Int(tile.rows) + (sheets == .regions ? conv.rows.span : 0)
    for phase in 0..<conv.phaseCount {
      for sheetRow in 0..<sheetRows {
        for row in 0..<rows {
          let vector = phase * chunkGroups * windowVectors + sheetRow * step + row * windowColumns
          body(vector * lanes, length)
        }
      }
    }
  }
}
