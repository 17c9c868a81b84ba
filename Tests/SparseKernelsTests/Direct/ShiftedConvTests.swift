import BenchmarkShapes
import TensorCore
import TestSupport
import Testing

@testable import SparseKernels

/// Convolutions as sums over shifted sources, evaluated as the types' comments have them.
@Suite struct ShiftedConvTests {
  static let lines = [
    "mb2ic3ih6oc4kh3ph1", "mb1ic3ih9iw7oc2kh3sh2ph1", "g2mb2ic4ih7oc6kh3dh1ph2", "mb1ic2ih12oc3kh2dh4sh3ph1",
    "g3mb1ic3ih5oc3kh5ph2", "mb3ic4ih5oc2kh1", "mb1ic2ih9oc3kh1sh4", "mb1ic2ih2iw3oc3kh7kw5ph3pw2",
    "mb1ic3ih8oc4oh4kh3sh2ph0", "g2mb1ic6ih10iw12oc4kh1kw7sh1sw2ph0pw3", "mb2ic3ih9oc4kh2sh7",
  ]

  @Test(arguments: lines)
  func forwardIsTheConvolution(line: String) throws {
    let item = try KernelCase.integers(ConvProblem(benchdnn: line), .half, epilogue: .none, seed: 31)
    let got = ShiftedConv.forward(item.problem).evaluate(item.weights.matrix, source: item.input.values)
    let expected = item.expected.map(Optional.some)
    #expect(got == expected)
  }

  @Test(arguments: lines)
  func theInputGradientIsTheGradient(line: String) throws {
    let item = try GradientCase(ConvProblem(benchdnn: line), .half, hasIntegers: true, seed: 32)
    let transposed = TransposedWeights(item.weights.matrix.pattern, problem: item.problem)
      .matrix(values: item.weights.matrix.values)
    let got = ShiftedConv.inputGradient(item.problem).evaluate(transposed, source: item.outputGradient.values)
    let expected = item.inputGradient.map(Optional.some)
    #expect(got == expected)
  }

  @Test func whatIsReadInPlaceIsKnown() throws {
    for problem in try ShapeSuite.conformance.problems() {
      let conv = ShiftedConv.forward(problem)
      let isPlain = problem.stride == Size2D(1) && problem.padding == .none
      // Padding that the output stops short of does not count.
      #expect(conv.readsInPlace == isPlain, "\(problem)")
      #expect(conv.isPointwise == problem.isPointwise, "\(problem)")
      let destinations = conv.ofDestinations
      #expect(destinations.isPointwise && destinations.sourcePixels == problem.outputPixels, "\(problem)")
      #expect(destinations.sourceChannels == problem.outputChannels, "\(problem)")
    }
  }
}

extension ShiftedConv {
  /// The destinations, nil where one is not made.
  fileprivate func evaluate(_ weights: CSRMatrix, source: [Float]) -> [Double?] {
    var result = [Double?](repeating: nil, count: batch * destinationChannels * destinationPixels)
    let phaseRows = sumRows
    for image in 0..<batch {
      for channel in 0..<destinationChannels {
        for (row, column) in (0..<rows.destinationCount).flatMap({ y in (0..<columns.destinationCount).map { (y, $0) } }
        ) {
          let (y, rowPhase) = row.quotientAndRemainder(dividingBy: rows.destinationStride)
          let (x, columnPhase) = column.quotientAndRemainder(dividingBy: columns.destinationStride)
          let places = phaseRows[rowPhase]
          let place = Int(places[columnPhase % places.count])
          let plane = image * destinationChannels + channel
          result[(plane * rows.destinationCount + row) * columns.destinationCount + column] =
            place < 0
            ? 0 : sum(weights, row: channel * destinationPhaseCount + place, image: image, y: y, x: x, of: source)
        }
      }
    }
    return result
  }

  /// One row of weights at one position.
  private func sum(_ weights: CSRMatrix, row: Int, image: Int, y: Int, x: Int, of source: [Float]) -> Double {
    weights.pattern.entries(ofRow: row).reduce(0) { sum, entry in
      let (i, tap) = Int(weights.columnIndices[entry]).quotientAndRemainder(dividingBy: taps)
      let (v, u) = (rows.taps[tap / columns.taps.count], columns.taps[tap % columns.taps.count])
      let sourceRow = (y + v.shift) * rows.sourceStride + v.sourcePhase
      let column = (x + u.shift) * columns.sourceStride + u.sourcePhase
      if !(0..<rows.sourceCount).contains(sourceRow) || !(0..<columns.sourceCount).contains(column) { return sum }
      let plane = image * sourceChannels + firstSourceChannel(ofRow: row) + i
      return sum
        + Double(weights.values[entry])
        * Double(source[(plane * rows.sourceCount + sourceRow) * columns.sourceCount + column])
    }
  }
}
