import CMicroKernels

extension LaneLayout {
  /// Lays out a chunk.
  ///
  /// - Parameters:
  ///   - channels: those of the source to lay out; the first of them goes to the start of `lanes`.
  ///   - channelStride: floats from one channel's part of the layout to the next.
  ///   - rows: room for ``windowRows`` of them.
  func gather(
    chunk: Int, channels: Range<Int>, of source: UnsafePointer<Float>, into lanes: UnsafeMutablePointer<Float>,
    channelStride: Int, rows: UnsafeMutablePointer<snn_lane_row>, isa: snn_isa
  ) {
    let planes = source + channels.lowerBound * conv.sourcePixels
    for group in 0..<groups(ofChunk: chunk) {
      for (y, rowPhase) in conv.rows.sourcePhases.enumerated() {
        for (x, columnPhase) in conv.columns.sourcePhases.enumerated() {
          let window = ((y * conv.columns.sourcePhases.count + x) * chunkGroups + group) * windowVectors
          for row in 0..<windowRows {
            rows[row] = sourceRow(
              group: chunk * chunkGroups + group, row: row, rowPhase: rowPhase, columnPhase: columnPhase,
              channels: channels.count, lanesStride: channelStride)
            rows[row].lanes_offset = (window + row * windowColumns) * self.lanes
          }
          snn_f32_gather_lanes(isa, rows, windowRows, planes, lanes)
        }
      }
    }
  }

  /// The groups of a chunk: fewer in the last.
  func groups(ofChunk chunk: Int) -> Int { min(chunkGroups, groupCount - chunk * chunkGroups) }
}
