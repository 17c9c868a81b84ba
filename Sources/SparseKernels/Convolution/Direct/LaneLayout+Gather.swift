import CMicroKernels

extension LaneLayout {
  /// Lays out a chunk.
  ///
  /// - Parameters:
  ///   - channels: those of the source to lay out; the first of them goes to the start of `lanes`.
  ///   - channelStride: floats from one channel's part of the layout to the next.
  func gather(
    chunk: Int, channels: Range<Int>, of source: UnsafePointer<Float>, into lanes: UnsafeMutablePointer<Float>,
    channelStride: Int, isa: snn_isa
  ) {
    let firstGroup = chunk * chunkGroups
    for part in stride(from: channels.lowerBound, to: channels.upperBound, by: Self.channelsAtATime) {
      let count = min(Self.channelsAtATime, channels.upperBound - part)
      let planes = source + part * conv.sourcePixels
      let start = lanes + (part - channels.lowerBound) * channelStride
      for group in 0..<groups(ofChunk: chunk) {
        for (y, rowPhase) in conv.rows.phases.enumerated() {
          for (x, columnPhase) in conv.columns.phases.enumerated() {
            let window = ((y * conv.columns.phases.count + x) * chunkGroups + group) * windowVectors
            for row in 0..<windowRows {
              var lane = sourceRow(
                group: firstGroup + group, row: row, rowPhase: rowPhase, columnPhase: columnPhase, channels: count,
                lanesStride: channelStride)
              snn_f32_gather_lanes(isa, &lane, planes, start + (window + row * windowColumns) * Self.lanes)
            }
          }
        }
      }
    }
  }

  /// Few enough that the rows of their planes stay in the first-level cache from one row of the layout to the next, many enough
  /// to be worth finding out which part of a plane each lane has.
  private static let channelsAtATime = 32

  /// The groups of a chunk: fewer in the last.
  func groups(ofChunk chunk: Int) -> Int { min(chunkGroups, groupCount - chunk * chunkGroups) }
}
