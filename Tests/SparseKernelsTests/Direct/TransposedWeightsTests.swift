import TensorCore
import TestSupport
import Testing

@testable import SparseKernels

@Suite struct TransposedWeightsTests {
  @Test(
    arguments: [
      "mb1ic3ih5oc4kh3ph1", "g2mb1ic6ih5oc4kh2", "g5mb1ic5ih4oc10kh3kw1ph1pw0", "mb1ic7ih2oc1kh1",
      "mb1ic3ih9oc4kh3sh2ph1", "mb1ic3ih9oc4kh1sh2", "g2mb1ic4ih9oc6kh5kw2sh3sw1ph2pw1", "mb1ic3ih3oc2kh3sh9ph1",
    ],
    WeightPattern.allCases)
  func everyWeightIsAtItsTransposedPlace(line: String, pattern: WeightPattern) throws {
    let problem = try ConvProblem(benchdnn: line)
    var generator = SeededGenerator(seed: 51)
    let weights = try pattern.floats(
      rows: problem.outputChannels, columns: problem.weightsPerOutputChannel, using: &generator)
    let transposed = TransposedWeights(weights.pattern, problem: problem).matrix(values: weights.values)
    try transposed.checkInvariants()
    let conv = ShiftedConv.inputGradient(problem)
    #expect(transposed.nnz == weights.nnz && transposed.rows == conv.weightRows)
    let taps = problem.kernelSize.height * problem.kernelSize.width
    #expect(transposed.columns == problem.outputChannelsPerGroup * taps)
    for (position, value) in zip(weights.coordinates(), weights.values) {
      let (input, tap) = position.column.quotientAndRemainder(dividingBy: taps)
      let (group, output) = position.row.quotientAndRemainder(dividingBy: problem.outputChannelsPerGroup)
      let channel = group * problem.inputChannelsPerGroup + input
      let row = channel * conv.destinationPhaseCount + conv.tapRows[tap]
      #expect(transposed[row, output * taps + tap] == value)
    }
  }
}
