import CMicroKernels

/// Each part lays out some channels of a chunk.
struct GatherJob: ParallelJob {
  let layout: LaneLayout
  /// Floats from one channel's part of the layout to the next.
  let channelStride: Int
  let chunk: Int
  let source: UnsafePointer<Float>
  let lanes: UnsafeMutablePointer<Float>
  let isa: snn_isa

  private var channelsPerPart: Int { max(16, (layout.conv.sourceChannels + 7) / 8) }

  var partCount: Int { (layout.conv.sourceChannels + channelsPerPart - 1) / channelsPerPart }

  func execute(index: Int, worker: Int) {
    let conv = layout.conv
    let firstChannel = index * channelsPerPart
    let channels = min(channelsPerPart, conv.sourceChannels - firstChannel)
    let firstGroup = chunk * layout.chunkGroups
    let planes = source + firstChannel * conv.sourcePixels
    let (rowPhases, columnPhases) = (conv.rows.phases, conv.columns.phases)
    for group in firstGroup..<min(firstGroup + layout.chunkGroups, layout.groupCount) {
      for (y, rowPhase) in rowPhases.enumerated() {
        for (x, columnPhase) in columnPhases.enumerated() {
          let phase = y * columnPhases.count + x
          let window = (phase * layout.chunkGroups + group - firstGroup) * layout.windowVectors
          for row in 0..<layout.windowRows {
            var lane = layout.sourceRow(
              group: group, row: row, rowPhase: rowPhase, columnPhase: columnPhase, channels: channels,
              lanesStride: channelStride)
            let start = firstChannel * channelStride + (window + row * layout.windowColumns) * LaneLayout.lanes
            snn_f32_gather_lanes(isa, &lane, planes, lanes + start)
          }
        }
      }
    }
  }
}
