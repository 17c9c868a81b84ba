import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// `snn_f32_gather_lanes` against the formula of its header.
@Suite struct GatherLanesTests {
  static let sentinel: Float = 12345.5

  @Test(arguments: LaneInstructionSets.runnable)
  func rowsAreGathered(instructionSet: String) throws {
    var generator = SeededGenerator(seed: 5)
    for row in LaneRow.all(using: &generator) {
      // Beside the elements that lanes have there is NaN, which must not arrive.
      var plane = Window(LaneRow.span(row.elements.map(\.place)), unnamed: .nan)
      var expected = Window(
        0..<(row.channelCount == 0 ? 0 : (row.channelCount - 1) * row.lanesStride + row.length * LaneRow.laneCount),
        unnamed: Self.sentinel)
      for c in 0..<row.channelCount {
        for index in 0..<row.length * LaneRow.laneCount { expected[c * row.lanesStride + index] = 0 }
      }
      for element in row.elements {
        plane[element.place] = generator.nextFloat(in: -1..<1)
        expected[element.lanesPlace] = plane[element.place]
      }
      var before = expected
      for index in before.values.indices where before.values[index] != Self.sentinel { before.values[index] = .nan }
      for edge in GuardedEdge.allCases {
        let source = plane.guarded(touching: edge)
        let lanes = before.guarded(touching: edge, isWritable: true)
        withUnsafePointer(to: row.row) { row in
          withExtendedLifetime((source, lanes)) {
            snn_f32_gather_lanes(
              LaneInstructionSets.named(instructionSet), row, plane.origin(in: source), before.origin(in: lanes))
          }
        }
        try #require(expected.difference(from: lanes) == nil, "\(row)")
      }
    }
  }

  /// Skipped, with their names, where some instruction sets are not tested.
  @Test(
    .enabled(
      if: LaneInstructionSets.unrunnable.isEmpty,
      "this processor has no \(LaneInstructionSets.unrunnable.joined(separator: ", no "))"))
  func thisProcessorRunsEveryInstructionSet() {
    #expect(LaneInstructionSets.runnable.count == 3)
  }
}
