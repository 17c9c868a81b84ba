import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// `snn_f32_scatter_lanes` against the formula of its header.
@Suite struct ScatterLanesTests {
  static let sentinel: Float = 12345.5

  @Test(arguments: InstructionSetVariant.runnable)
  func sumsAreFinishedAndStored(variant: InstructionSetVariant) throws {
    var generator = SeededGenerator(seed: 6)
    for row in LaneRow.scattered(using: &generator) {
      for epilogue in Epilogue.all {
        let item = ScatterCase(row, epilogue, using: &generator)
        for edge in GuardedEdge.allCases {
          let fault = item.fault(variant, touching: edge)
          try #require(fault == nil, "\(row), \(epilogue)")
        }
      }
    }
  }
}

/// One call: what it is given and what it should leave in the plane.
private struct ScatterCase {
  let row: LaneRow
  let epilogue: Epilogue
  /// NaN where a lane has no element, as in the residual.
  let lanes: Window
  let residual: Window
  let bias: [Float]
  /// The sentinel where nothing is stored.
  let expected: Window

  init(_ row: LaneRow, _ epilogue: Epilogue, using generator: inout SeededGenerator) {
    (self.row, self.epilogue) = (row, epilogue)
    let elements = row.elements
    let places = LaneRow.span(elements.map(\.place))
    // Vectors are there as a whole if one of their elements is.
    let vectors = LaneRow.span(elements.compactMap { element in element.lanesPlace.map { $0 - element.lane } })
    var lanes = Window(
      vectors.isEmpty ? vectors : vectors.lowerBound..<vectors.upperBound + row.laneCount - 1, unnamed: .nan)
    var residual = Window(places, unnamed: .nan)
    var expected = Window(places, unnamed: ScatterLanesTests.sentinel)
    let bias = (0..<row.channelCount).map { _ in generator.nextFloat(in: -4..<4) }
    for element in elements {
      // Also NaN, which bounds must keep, and a zero whose sign nothing must change.
      let special: [Float] = [.nan, -0.0]
      let sum =
        generator.nextIndex(below: 8) == 0 ? special[generator.nextIndex(below: 2)] : generator.nextFloat(in: -4..<4)
      if let place = element.lanesPlace { lanes[place] = sum }
      residual[element.place] = generator.nextFloat(in: -4..<4)
      // The header has the order of the sums, so the result is exact.
      expected[element.place] = epilogue.finished(
        element.lanesPlace.map { lanes[$0] } ?? 0, bias: epilogue.hasBias ? bias[element.channel] : nil,
        residual: epilogue.hasResidual ? residual[element.place] : nil)
    }
    (self.lanes, self.residual, self.bias, self.expected) = (lanes, residual, bias, expected)
  }

  /// What is wrong after a call, or nil.
  func fault(_ variant: InstructionSetVariant, touching edge: GuardedEdge) -> String? {
    var before = expected
    for index in before.values.indices where before.values[index] != ScatterLanesTests.sentinel {
      before.values[index] = .nan
    }
    let source = lanes.guarded(touching: edge)
    let plane = before.guarded(touching: edge, isWritable: true)
    let addend = residual.guarded(touching: edge)
    // Without elements nobody needs the bias.
    let biases = GuardedPages(expected.values.isEmpty ? [] : bias, touching: edge, isWritable: false)
    let parts = snn_f32_epilogue(
      bias: epilogue.hasBias ? UnsafePointer(biases.start) : nil,
      residual: epilogue.hasResidual ? UnsafePointer(residual.origin(in: addend)) : nil, lower: epilogue.lower,
      upper: epilogue.upper)
    row.withRow { row in
      withUnsafePointer(to: parts) { parts in
        withExtendedLifetime((source, plane, addend, biases)) {
          variant.scatter(row, lanes: lanes.origin(in: source), epilogue: parts, plane: before.origin(in: plane))
        }
      }
    }
    return expected.difference(from: plane)
  }
}
