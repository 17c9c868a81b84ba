import CMicroKernels
import TensorCore
import Testing

@testable import SparseKernels

/// Layouts of every kind, walked by the tiles that cover them.
@Suite struct LaneLayoutTests {
  private static let lines = [
    "mb1ic3ih9oc2kh3ph1", "mb3ic2ih5iw7oc2kh3ph1", "mb2ic2ih11iw13oc2kh3sh2ph1", "mb1ic2ih12oc2kh2dh4sh3ph1",
    "mb9ic3ih1oc2kh1", "mb17ic2ih2oc2kh3ph1", "mb2ic3ih7oc2kh1", "mb1ic2ih9oc2kh1sh2", "mb5ic2ih3iw1oc2kh5kw3ph2pw1",
    "mb1ic2ih8oc3oh4kh3sh2ph0", "mb16ic40ih4oc2kh3ph1", "mb2ic2ih9iw4oc2kh1kw3ph0pw1",
  ]

  /// Layouts of a convolution with regions and chunks of many sizes.
  private func layouts(_ conv: ShiftedConv) -> [LaneLayout] {
    func sizes(_ count: Int) -> [Int] { Set([1, 2, 3, 4, 7, count].map { min($0, count) }).sorted() }
    return sizes(conv.rows.count).flatMap { rows in
      sizes(conv.columns.count).flatMap { columns in
        [Int(SNN_LANES), Int(SNN_WIDE_LANES)].flatMap { lanes in
          let one = LaneLayout(conv, regionRows: rows, regionColumns: columns, chunkGroups: 1, lanes: lanes)
          return sizes(one.groupCount).map {
            LaneLayout(conv, regionRows: rows, regionColumns: columns, chunkGroups: $0, lanes: lanes)
          }
        }
      }
    }
  }

  /// The forward convolution, its input gradient, and its destinations alone.
  private func convolutions(_ line: String) throws -> [ShiftedConv] {
    let problem = try ConvProblem(benchdnn: line)
    let forward = ShiftedConv.forward(problem)
    return [forward, forward.ofDestinations, .inputGradient(problem)]
  }

  /// What laying out is for: wherever a destination is, each of its taps is one offset away.
  @Test(arguments: lines)
  func everyTapOfEveryDestinationIsAnAlignedVector(line: String) throws {
    for conv in try convolutions(line) {
      let source = (0..<conv.batch * conv.sourceChannels * conv.sourcePixels).map { Float($0 + 1) }
      for layout in layouts(conv) {
        let offsets = layout.tapOffsets()
        // Longer than need be, with NaN that must not be read.
        let stride = layout.channelVectors * layout.lanes + 16
        for chunk in 0..<layout.chunkCount {
          var lanes = [Float](repeating: .nan, count: conv.sourceChannels * stride)
          var rows = [snn_lane_row](repeating: snn_lane_row(), count: layout.windowRows)
          for range in [0..<1, 1..<conv.sourceChannels] {
            lanes.withUnsafeMutableBufferPointer { lanes in
              guard let start = lanes.baseAddress else { return }
              layout.gather(
                chunk: chunk, channels: range, of: source, into: start + range.lowerBound * stride,
                channelStride: stride, rows: &rows, isa: InstructionSet.current.isa)
            }
          }
          var fault: String?
          layout.forEachDestination(ofChunk: chunk, tileRows: 3, mostVectors: 15) { vector, lane, place in
            let (image, row, column) = conv.position(ofDestination: place)
            for (tap, offset) in offsets.enumerated() {
              for channel in [0, conv.sourceChannels - 1] {
                let got = lanes[channel * stride + vector * layout.lanes + offset + lane]
                let index = conv.source(image: image, channel: channel, row: row, column: column, tap: tap)
                let want = index.map { source[$0] } ?? 0
                if got != want { fault = "channel \(channel), place \(place), tap \(tap): \(got), expected \(want)" }
              }
            }
          }
          try #require(fault == nil, "\(line), \(layout.shape)")
        }
      }
    }
  }

  @Test(arguments: lines)
  func everyDestinationIsStoredOnce(line: String) throws {
    let problem = try ConvProblem(benchdnn: line)
    for conv in try convolutions(line) {
      for layout in layouts(conv) {
        var counts = [Int](repeating: 0, count: conv.batch * conv.destinationChannels * conv.destinationPixels)
        for chunk in 0..<layout.chunkCount {
          layout.forEachDestination(ofChunk: chunk, tileRows: 2, mostVectors: 7) { _, _, place in counts[place] += 1 }
        }
        // Of channel 0, since rows of lanes repeat for the others.
        let expected = counts.indices.map { $0 / conv.destinationPixels % conv.destinationChannels == 0 ? 1 : 0 }
        try #require(counts == expected, "\(problem), \(layout.shape)")
      }
    }
  }

  /// Sources that are their own destinations come back as they were, through the micro-kernels.
  @Test(arguments: lines)
  func scatteringWhatWasGatheredIsTheIdentity(line: String) throws {
    let conv = ShiftedConv.forward(try ConvProblem(benchdnn: line)).ofDestinations
    let source = (0..<conv.batch * conv.sourceChannels * conv.sourcePixels).map { Float($0 + 1) }
    for layout in layouts(conv) {
      let stride = layout.channelVectors * layout.lanes
      var lanes = [Float](repeating: .nan, count: conv.sourceChannels * stride)
      var windowRows = [snn_lane_row](repeating: snn_lane_row(), count: layout.windowRows)
      var result = [Float](repeating: .nan, count: source.count)
      for chunk in 0..<layout.chunkCount {
        lanes.withUnsafeMutableBufferPointer { lanes in
          guard let start = lanes.baseAddress else { return }
          layout.gather(
            chunk: chunk, channels: 0..<conv.sourceChannels, of: source, into: start, channelStride: stride,
            rows: &windowRows, isa: InstructionSet.current.isa)
        }
        let firstGroup = chunk * layout.chunkGroups
        for tile in layout.tiles(ofChunk: chunk, tileRows: 3, mostVectors: 15) {
          layout.forEachDestinationRow(of: tile, firstGroup: firstGroup) { vector, group, row, columns in
            var rows = layout.destinationRow(
              group: group, row: row, rowPhase: 0, columns: columns, channels: conv.destinationChannels)
            rows.lanes_stride = stride
            rows.phase_count = 1
            var epilogue = snn_f32_epilogue(bias: nil, residual: nil, lower: -.infinity, upper: .infinity)
            let start = layout.vector(vector, of: tile) * layout.lanes
            lanes.withUnsafeBufferPointer { lanes in
              result.withUnsafeMutableBufferPointer { result in
                guard let from = lanes.baseAddress, let to = result.baseAddress else { return }
                withUnsafePointer(to: Int32(0)) { phaseRow in
                  rows.phase_rows = phaseRow
                  snn_f32_scatter_lanes(InstructionSet.current.isa, &rows, from + start, &epilogue, to)
                }
              }
            }
          }
        }
      }
      try #require(result == source, "\(line), \(layout.shape)")
    }
  }

  /// Windows of a tile's channels do not crowd the cache's sets more than they must, and channels do not overlap.
  @Test(arguments: lines)
  func channelsLieApart(line: String) throws {
    for conv in try convolutions(line) {
      for layout in layouts(conv) {
        let tile = try #require(layout.tiles(ofChunk: 0, tileRows: 3, mostVectors: 15).first)
        let stride = layout.channelStride(tile: tile, channels: min(8, conv.sourceChannels))
        let least = layout.channelVectors * layout.lanes
        try #require(stride >= least && stride.isMultiple(of: 16) && stride < least + 65 * 16, "\(layout.shape)")
      }
    }
  }
}

extension LaneLayout {
  fileprivate var shape: String {
    "\(lanes) lanes, regions \(regionRows)x\(regionColumns), \(chunkGroups) groups, \(sheets)"
  }

  fileprivate func tiles(ofChunk chunk: Int, tileRows: Int, mostVectors: Int) -> [TileCut.Tile] {
    let size = sheetSize(groups: groups(ofChunk: chunk))
    return TileCut(rows: size.rows, columns: size.columns, tileRows: min(tileRows, size.rows), mostVectors: mostVectors)
      .tiles(sheetCount: size.count)
  }

  /// Where vector `index` of a tile lies within a channel.
  fileprivate func vector(_ index: Int, of tile: TileCut.Tile) -> Int {
    let (row, column) = index.quotientAndRemainder(dividingBy: Int(tile.columns))
    return start(of: tile) + row * sheetRowVectors + column
  }

  /// Calls `body` with each destination of channel 0 that the tiles of a chunk store: where its vector lies within a source
  /// channel, its lane, and its place.
  fileprivate func forEachDestination(
    ofChunk chunk: Int, tileRows: Int, mostVectors: Int, _ body: (_ vector: Int, _ lane: Int, _ place: Int) -> Void
  ) {
    for tile in tiles(ofChunk: chunk, tileRows: tileRows, mostVectors: mostVectors) {
      forEachDestinationRow(of: tile, firstGroup: chunk * chunkGroups) { first, group, row, columns in
        for rowPhase in 0..<conv.rows.destinationStride {
          let rows = destinationRow(group: group, row: row, rowPhase: rowPhase, columns: columns, channels: 1)
          withUnsafeBytes(of: rows.lane) { bytes in
            for (lane, part) in bytes.bindMemory(to: snn_lane.self).prefix(lanes).enumerated() {
              for j in Int(part.first)..<max(Int(part.first), Int(part.end)) {
                let position = j / conv.columns.destinationStride
                body(vector(first + position, of: tile), lane, part.offset + j)
              }
            }
          }
        }
      }
    }
  }
}

extension ShiftedConv {
  /// The image, row and column of a place among destinations.
  fileprivate func position(ofDestination place: Int) -> (image: Int, row: Int, column: Int) {
    let (plane, pixel) = place.quotientAndRemainder(dividingBy: destinationPixels)
    let (row, column) = pixel.quotientAndRemainder(dividingBy: columns.destinationCount)
    return (plane / destinationChannels, row, column)
  }

  /// The place of the source that a tap reads at a destination's position, whatever its phase; nil outside the image.
  fileprivate func source(image: Int, channel: Int, row: Int, column: Int, tap: Int) -> Int? {
    let (v, u) = (rows.taps[tap / columns.taps.count], columns.taps[tap % columns.taps.count])
    let sourceRow = (row / rows.destinationStride + v.shift) * rows.sourceStride + v.sourcePhase
    let sourceColumn = (column / columns.destinationStride + u.shift) * columns.sourceStride + u.sourcePhase
    if !(0..<rows.sourceCount).contains(sourceRow) || !(0..<columns.sourceCount).contains(sourceColumn) { return nil }
    return ((image * sourceChannels + channel) * rows.sourceCount + sourceRow) * columns.sourceCount + sourceColumn
  }
}
