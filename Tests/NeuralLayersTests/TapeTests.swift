import Foundation
import SparseKernels
import TensorCore
import Testing

@testable import NeuralLayers

@Suite struct TapeTests {
  @Test func aValueUsedTwiceGetsTheSumOfItsGradients() throws {
    let (square, tanh) = (SiLU(), Tanh())
    try GradientCheck.run([.distinct([3, 5], seed: 1)]) { x in
      let y = tanh(x[0])
      return square(y) + y + x[0] + x[0]
    } reference: {
      $0[0].map { x -> Double in
        let y = DoubleLayers.tanh(x)
        return y * DoubleLayers.sigmoid(y) + y + 2 * x
      }
    }
  }

  @Test func aLayerUsedTwiceGetsTheSumOfItsGradients() throws {
    var generator = SeededGenerator(seed: 2)
    let layer = Linear(3, 3, using: &generator)
    try GradientCheck.run([.distinct([2, 3], seed: 1)], parameters: [layer.weight, #require(layer.bias)]) {
      try layer(layer($0[0]))
    } reference: { points in
      let once = DoubleLayers.linear(points[0], weights: points[1], bias: points[2])
      return DoubleLayers.linear(once, weights: points[1], bias: points[2])
    }
  }

  @Test func residualsAddBothBranches() throws {
    let residual = Residual {
      Tanh()
    } shortcut: {
      Sigmoid()
    }
    let plain = Residual { Tanh() }
    try GradientCheck.run([.distinct([2, 4], seed: 1)]) {
      try residual(plain($0[0]))
    } reference: {
      $0[0].map { x -> Double in
        let y = DoubleLayers.tanh(x) + x
        return DoubleLayers.tanh(y) + DoubleLayers.sigmoid(y)
      }
    }
  }

  @Test func aGradientThatIsSharedIsNotWrittenOver() throws {
    let tape = Tape(context: ComputeContext())
    let (x, y) = (tape.watchedInput(.distinct([9], seed: 1)), tape.watchedInput(.distinct([9], seed: 2)))
    let factors = (0..<9).map { Float($0) - 4 }
    // Both branches rewrite the sum's gradient, in place if nobody else has it.
    try tape.backward(from: (ReLU()(x) + ReLU()(y)).weightedSum(factors))
    for variable in [x, y] {
      let want = zip(factors, variable.value.values).map { $1 > 0 ? $0 : 0 }
      #expect(tape.gradient(of: variable)?.values == want)
    }
  }

  @Test func gradientsAreWrittenNotAdded() throws {
    var generator = SeededGenerator(seed: 2)
    let layer = Linear(3, 2, using: &generator)
    let tape = Tape(context: ComputeContext())
    func step() throws -> [Float] {
      let output = try layer(tape.input(.distinct([2, 3], seed: 1)))
      try tape.backward(from: output.weightedSum([1, 2, 3, 4]))
      return layer.weight.gradient
    }
    let first = try step()
    #expect(try step() == first)
  }

  @Test func nothingIsRecordedWithoutNeed() throws {
    var generator = SeededGenerator(seed: 2)
    let layer = Linear(3, 2, using: &generator)
    let tape = Tape(context: ComputeContext())
    let input = tape.input(.distinct([2, 3], seed: 1))
    #expect(!ReLU()(input).needsGradient)
    #expect(try layer(input).needsGradient)
    #expect(try !tape.withoutRecording { try layer(input) }.needsGradient)
    #expect(try !layer(Tape(context: ComputeContext(), isRecording: false).input(input.value)).needsGradient)
  }

  @Test func aWarmStepTakesNoNewMemory() throws {
    let model = try VGGSmall(density: .uniform(0.2), seed: 3)
    let tape = Tape(context: ComputeContext(threadCount: 2))
    var generator = SeededGenerator(seed: 3)
    let images = Tensor.random([4, 1, 12, 12], using: &generator)
    func step() throws {
      try tape.backward(from: CrossEntropyLoss()(model(tape.input(images)), labels: [0, 1, 2, 3]))
    }
    try step()
    let warm = tape.pool.allocatedByteCount
    for _ in 0..<3 { try step() }
    #expect(tape.pool.allocatedByteCount == warm)
    #expect(tape.pool.freeByteCount == warm)
    tape.pool.removeAll()
    #expect(tape.pool.allocatedByteCount == 0)
  }
}
