import NeuralLayers
import SparseKernels
import SparseTraining
import TensorCore
import Testing

@Suite struct OperationProfileTests {
  @Test func gradientsAreTakenOutOfTheBackwardAroundThem() {
    let profile = OperationProfile()
    for _ in 0..<2 {
      profile.record(operation: "conv", phase: .forward, seconds: 1)
      profile.record(operation: "conv", phase: .weightGradient, seconds: 2)
      profile.record(operation: "conv", phase: .inputGradient, seconds: 3)
      profile.record(operation: "conv", phase: .backward, seconds: 5.5)
      profile.record(operation: "relu", phase: .backward, seconds: 0.25)
      profile.recordOptimizer(seconds: 0.125)
    }
    let expected: [ProfileRow] = [
      .init(operation: "conv", phase: .inputGradient, callCount: 2, seconds: 6),
      .init(operation: "conv", phase: .weightGradient, callCount: 2, seconds: 4),
      .init(operation: "conv", phase: .forward, callCount: 2, seconds: 2),
      .init(operation: "conv", phase: .otherBackward, callCount: 2, seconds: 1),
      .init(operation: "relu", phase: .otherBackward, callCount: 2, seconds: 0.5),
      .init(operation: "parameters", phase: .optimizer, callCount: 2, seconds: 0.25),
    ]
    #expect(profile.rows == expected)
    profile.reset()
    #expect(profile.rows.isEmpty && profile.table == "No operation was profiled.")
  }

  @Test func partsThatSeemLongerThanTheWholeLeaveNothing() {
    let profile = OperationProfile()
    profile.record(operation: "conv", phase: .weightGradient, seconds: 2)
    profile.record(operation: "conv", phase: .backward, seconds: 1.9)
    profile.record(operation: "relu", phase: .backward, seconds: 1)
    #expect(profile.rows.map(\.seconds) == [2, 1, 0])
  }

  @Test func theTableHasSharesAndTotals() {
    let profile = OperationProfile()
    profile.record(operation: "conv", phase: .forward, seconds: 3)
    profile.record(operation: "relu", phase: .forward, seconds: 0.5)
    profile.recordOptimizer("SGD", seconds: 0.5)
    #expect(
      profile.table == """
        operation  phase      calls  seconds    share
        ---------------------------------------------
        conv       forward        1    3.000   75.0 %
        SGD        optimizer      1    0.500   12.5 %
        relu       forward        1    0.500   12.5 %
        total                     3    4.000  100.0 %

        phase      calls  seconds   share
        ---------------------------------
        forward        2    3.500  87.5 %
        optimizer      1    0.500  12.5 %
        """)
  }

  @Test func noTimeHasNoShares() {
    let profile = OperationProfile()
    profile.record(operation: "conv", phase: .forward, seconds: 0)
    #expect(profile.table.split(separator: "\n")[2].hasSuffix("0.000      -"))
  }

  @Test func aTapeFillsIt() throws {
    var generator = SeededGenerator(seed: 4)
    let model = Sequential([
      Conv2d(ConvGeometry(1, 2, kernelSize: 3), using: &generator), ReLU(),
      Conv2d(ConvGeometry(2, 3, kernelSize: 3), using: &generator), GlobalAvgPool(), Flatten(),
    ])
    let tape = Tape(context: ComputeContext())
    let profile = OperationProfile()
    tape.profiler = profile
    for _ in 0..<3 {
      let output = try model(tape.input(.random([2, 1, 9, 9], using: &generator)))
      try tape.backward(from: CrossEntropyLoss()(output, labels: [0, 2]))
    }
    let convolutions = profile.rows.filter { $0.operation.contains("Conv2d") }
    // The first needs no input gradient.
    #expect(convolutions.filter { $0.phase == .inputGradient }.map(\.callCount) == [3])
    #expect(convolutions.filter { $0.phase == .weightGradient }.map(\.callCount) == [3, 3])
    #expect(convolutions.filter { $0.phase == .otherBackward }.map(\.callCount) == [3, 3])
    #expect(profile.rows.allSatisfy { $0.seconds >= 0 && $0.callCount == 3 })
  }
}
