import CMicroKernels

// Which part of which plane each lane holds.
extension LaneLayout {
  /// A region: its image and its first destination.
  private func region(_ index: Int) -> (image: Int, row: Int, column: Int) {
    let (rest, across) = index.quotientAndRemainder(dividingBy: regionsAcross)
    let (image, down) = rest.quotientAndRemainder(dividingBy: regionsDown)
    return (image, down * regionRows, across * regionColumns)
  }

  /// A row of a group's window, in one phase of the source.
  func sourceRow(
    group: Int, row: Int, rowPhase: Int, columnPhase: Int, channels: Int, lanesStride: Int
  ) -> snn_lane_row {
    var lanes = snn_lane_row()
    lanes.length = windowColumns
    lanes.element_stride = conv.columns.sourceStride
    lanes.channel_count = channels
    lanes.plane_stride = conv.sourcePixels
    lanes.lanes_stride = lanesStride
    lanes.setLanes(self.lanes) { lane in
      let index = group * self.lanes + lane
      guard index < regionCount else { return snn_lane() }
      let region = region(index)
      let sourceRow = (region.row + row + conv.rows.leastShift) * conv.rows.sourceStride + rowPhase
      guard sourceRow >= 0, sourceRow < conv.rows.sourceCount else { return snn_lane() }
      let first = region.column + conv.columns.leastShift
      let valid = conv.columns.validSources(from: first, count: windowColumns, phase: columnPhase)
      return snn_lane(
        offset: region.image * conv.sourceChannels * conv.sourcePixels + sourceRow * conv.columns.sourceCount
          + first * conv.columns.sourceStride + columnPhase,
        first: Int32(valid.lowerBound), end: Int32(valid.upperBound))
    }
    return lanes
  }

  /// Positions `columns` of row `row` of a group's regions, in one phase of rows and all of columns.
  ///
  /// Which sums they have is for the caller to say.
  ///
  /// - Parameter channels: those of the destination.
  func destinationRow(
    group: Int, row: Int, rowPhase: Int, columns: Range<Int>, channels: Int
  ) -> snn_lane_row {
    let stride = conv.columns.destinationStride
    var lanes = snn_lane_row()
    lanes.length = columns.count * stride
    lanes.channel_count = channels
    lanes.plane_stride = conv.destinationPixels
    lanes.setLanes(self.lanes) { lane in
      let index = group * self.lanes + lane
      guard index < regionCount else { return snn_lane() }
      let region = region(index)
      let destinationRow = (region.row + row) * conv.rows.destinationStride + rowPhase
      guard destinationRow < conv.rows.destinationCount else { return snn_lane() }
      let first = (region.column + columns.lowerBound) * stride
      return snn_lane(
        offset: region.image * conv.destinationChannels * conv.destinationPixels
          + destinationRow * conv.columns.destinationCount + first,
        first: 0, end: Int32(min(columns.count * stride, max(0, conv.columns.destinationCount - first))))
    }
    return lanes
  }

  /// Calls `body` with the rows of destinations that a tile of a chunk covers: the first vector of each among the tile's
  /// vectors, its group, row and columns.
  func forEachDestinationRow(
    of tile: TileCut.Tile, firstGroup: Int,
    _ body: (_ vector: Int, _ group: Int, _ row: Int, _ columns: Range<Int>) -> Void
  ) {
    let (rows, columns) = (Int(tile.rows), Int(tile.columns))
    let first = Int(tile.column)
    switch sheets {
    case .regions:
      for row in 0..<rows {
        body(row * columns, firstGroup + Int(tile.sheet), Int(tile.row) + row, first..<first + columns)
      }
    case .groups:
      for row in 0..<rows { body(row * columns, firstGroup + Int(tile.row) + row, 0, first..<first + columns) }
    case .line:
      var position = first
      while position < first + columns {
        let (group, place) = position.quotientAndRemainder(dividingBy: regionRows * regionColumns)
        let (row, column) = place.quotientAndRemainder(dividingBy: regionColumns)
        let count = min(regionColumns - column, first + columns - position)
        body(position - first, firstGroup + group, row, column..<column + count)
        position += count
      }
    }
  }
}

extension snn_lane_row {
  /// Sets the lanes, in order.
  fileprivate mutating func setLanes(_ count: Int, _ make: (Int) -> snn_lane) {
    lane_count = Int32(count)
    withUnsafeMutableBytes(of: &lane) { bytes in
      let lanes = bytes.bindMemory(to: snn_lane.self)
      for index in 0..<count { lanes[index] = make(index) }
    }
  }
}
