import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// `snn_f32_gather_lanes` against the formula of its header.
@Suite struct GatherLanesTests {
  static let sentinel: Float = 12345.5

  @Test(arguments: InstructionSetVariant.runnable)
  func rowsAreGathered(variant: InstructionSetVariant) throws {
    var generator = SeededGenerator(seed: 5)
    for row in LaneRow.gathered(using: &generator) {
      // Beside the elements that lanes have there is NaN, which must not arrive.
      var plane = Window(LaneRow.span(row.elements.map(\.place)), unnamed: .nan)
      var expected = Window(LaneRow.span([0] + row.lanesPlaces), unnamed: Self.sentinel)
      for place in row.lanesPlaces { expected[place] = 0 }
      for element in row.elements {
        plane[element.place] = generator.nextFloat(in: -1..<1)
        expected[try #require(element.lanesPlace)] = plane[element.place]
      }
      var before = expected
      for index in before.values.indices where before.values[index] != Self.sentinel { before.values[index] = .nan }
      for edge in GuardedEdge.allCases {
        let source = plane.guarded(touching: edge)
        let lanes = before.guarded(touching: edge, isWritable: true)
        withUnsafePointer(to: row.row) { row in
          withExtendedLifetime((source, lanes)) {
            variant.gather(row, count: 1, plane: plane.origin(in: source), lanes: before.origin(in: lanes))
          }
        }
        try #require(expected.difference(from: lanes) == nil, "\(row)")
      }
    }
  }

  /// More rows than are laid out together, each where its offset says.
  @Test(arguments: InstructionSetVariant.runnable, LaneRow.laneCounts)
  func manyRowsAreGathered(variant: InstructionSetVariant, laneCount: Int) throws {
    var generator = SeededGenerator(seed: 6)
    for elementStride in 1...3 {
      let one = LaneRow(
        .ragged, length: 9, elementStride: elementStride, channelCount: 3, gap: 40 * 9 * laneCount,
        laneCount: laneCount, using: &generator)
      let plane = Tensor.random([2 * one.planeStride * one.channelCount], using: &generator)
      let rows = (0..<40).map { index in
        var row = one.row
        // Rows may come in any order, and lie anywhere.
        row.lanes_offset = (index * 7 % 40) * 9 * laneCount
        return row
      }
      func gathered(_ call: (_ plane: UnsafePointer<Float>, _ lanes: UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        var lanes = [Float](repeating: Self.sentinel, count: 3 * one.lanesStride)
        plane.withUnsafeBufferPointer { plane in
          lanes.withUnsafeMutableBufferPointer { lanes in
            if let plane = plane.baseAddress, let lanes = lanes.baseAddress { call(plane, lanes) }
          }
        }
        return lanes
      }
      let together = gathered { variant.gather(rows, count: rows.count, plane: $0, lanes: $1) }
      let alone = gathered { plane, lanes in
        for row in rows { withUnsafePointer(to: row) { snn_f32_gather_lanes(SNN_ISA_SCALAR, $0, 1, plane, lanes) } }
      }
      #expect(together == alone, "element stride \(elementStride)")
    }
  }

  /// Skipped, with their names, where some instruction sets are not tested.
  @Test(
    .enabled(
      if: InstructionSetVariant.unrunnable.isEmpty,
      "this processor has no \(InstructionSetVariant.unrunnable.joined(separator: ", no "))"))
  func thisProcessorRunsEveryInstructionSet() {
    #expect(InstructionSetVariant.runnable.contains { $0.name == "scalar" } && InstructionSetVariant.unrunnable.isEmpty)
  }
}
