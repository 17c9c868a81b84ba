import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// Several rows in one call of `snn_f32_gather_lanes`, in guarded memory; ``GatherLanesTests`` has single ones.
@Suite struct GatherRowsTests {
  private static let sentinel: Float = 12345.5

  /// None, and around the sixteen whose common parts a vector variant finds at a time.
  @Test(arguments: InstructionSetVariant.runnable, [0, 2, 3, 15, 16, 17, 33])
  func manyRowsAreGathered(variant: InstructionSetVariant, count: Int) throws {
    var generator = SeededGenerator(seed: 7)
    for elementStride in 1...3 {
      for (length, channelCount, gap, laneCount) in [
        (1, 1, 0, 8), (5, 4, 3, 8), (11, 2, 8, 8), (6, 3, 8, 16), (13, 2, 16, 16),
      ] {
        // Rows one after the other within a channel.
        let rows = (0..<count).map { index in
          LaneRow(
            LaneRow.Shape.allCases[index % LaneRow.Shape.allCases.count], length: length, elementStride: elementStride,
            channelCount: channelCount, gap: (count - 1) * length * laneCount + gap,
            laneCount: laneCount, using: &generator)
        }
        let fault = fault(of: rows, variant, using: &generator)
        try #require(fault == nil)
      }
    }
  }

  /// What is wrong after a call for rows of the same length and strides, each beginning where the one before ends, or nil.
  private func fault(
    of rows: [LaneRow], _ variant: InstructionSetVariant, using generator: inout SeededGenerator
  ) -> String? {
    // Beside the elements that lanes have there is NaN, which must not arrive.
    var plane = Window(LaneRow.span(rows.flatMap(\.elements).map(\.place)), unnamed: .nan)
    for element in rows.flatMap(\.elements) { plane[element.place] = generator.nextFloat(in: -1..<1) }
    let rowLength = (rows.first?.length ?? 0) * (rows.first?.laneCount ?? 0)
    let places = rows.enumerated().flatMap { index, row in row.lanesPlaces.map { index * rowLength + $0 } }
    var expected = Window(LaneRow.span(places), unnamed: Self.sentinel)
    for place in places { expected[place] = 0 }
    for (index, row) in rows.enumerated() {
      for element in row.elements {
        if let place = element.lanesPlace { expected[index * rowLength + place] = plane[element.place] }
      }
    }
    var before = expected
    for index in before.values.indices where before.values[index] != Self.sentinel { before.values[index] = .nan }
    let calls = rows.enumerated().map { index, row in
      var call = row.row
      call.lanes_offset = index * rowLength
      return call
    }
    for edge in GuardedEdge.allCases {
      let source = plane.guarded(touching: edge)
      let lanes = before.guarded(touching: edge, isWritable: true)
      let guardedCalls = GuardedPages(calls, touching: edge, isWritable: false)
      withExtendedLifetime((source, lanes, guardedCalls)) {
        variant.gather(
          guardedCalls.start, count: calls.count, plane: plane.origin(in: source), lanes: before.origin(in: lanes))
      }
      if let difference = expected.difference(from: lanes) { return difference }
    }
    return nil
  }
}
