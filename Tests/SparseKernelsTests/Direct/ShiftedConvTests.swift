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
  func thePhasesOfTheInputGradientAreTheGradient(line: String) throws {
    let item = try GradientCase(ConvProblem(benchdnn: line), .half, hasIntegers: true, seed: 32)
    let transposed = TransposedWeights(item.weights.matrix.pattern, problem: item.problem)
      .matrix(values: item.weights.matrix.values)
    var got = [Double?](repeating: nil, count: item.inputGradient.count)
    for conv in ShiftedConv.inputGradient(item.problem) {
      for (index, value) in conv.evaluate(transposed, source: item.outputGradient.values).enumerated() {
        guard let value else { continue }
        #expect(got[index] == nil, "element \(index) is written by two phases")
        got[index] = value
      }
    }
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
  /// The destinations of this phase, nil where others are.
  fileprivate func evaluate(_ weights: CSRMatrix, source: [Float]) -> [Double?] {
    var result = [Double?](repeating: nil, count: batch * destinationChannels * destinationPixels)
    for image in 0..<batch {
      for channel in 0..<destinationChannels {
        for (y, x) in (0..<rows.count).flatMap({ y in (0..<columns.count).map { (y, $0) } }) {
          var sum = 0.0
          for entry in weights.pattern.entries(ofRow: channel) {
            let (i, tap) = Int(weights.columnIndices[entry]).quotientAndRemainder(dividingBy: taps)
            guard let v = rows.taps[tap / columns.taps.count], let u = columns.taps[tap % columns.taps.count] else {
              continue
            }
            let row = (y + v.shift) * rows.sourceStride + v.phase
            let column = (x + u.shift) * columns.sourceStride + u.phase
            if !(0..<rows.sourceCount).contains(row) || !(0..<columns.sourceCount).contains(column) { continue }
            let plane = image * sourceChannels + firstSourceChannel(ofRow: channel) + i
            sum +=
              Double(weights.values[entry])
              * Double(source[(plane * rows.sourceCount + row) * columns.sourceCount + column])
          }
          let row = y * rows.destinationStride + rows.destinationPhase
          let column = x * columns.destinationStride + columns.destinationPhase
          let plane = image * destinationChannels + channel
          result[(plane * rows.destinationCount + row) * columns.destinationCount + column] = sum
        }
      }
    }
    return result
  }
}
