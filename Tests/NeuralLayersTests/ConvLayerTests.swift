import SparseKernels
import TensorCore
import TestSupport
import Testing

@testable import NeuralLayers

@Suite struct ConvLayerTests {
  static let cases: [(ConvGeometry, Shape)] = [
    (ConvGeometry(2, 3, kernelSize: 3, padding: 1), [2, 2, 5, 4]),
    (ConvGeometry(3, 4, kernelSize: 3, stride: 2, padding: 1), [1, 3, 7, 5]),
    (ConvGeometry(4, 6, kernelSize: 2, groups: 2), [2, 4, 3, 3]),
    (ConvGeometry(4, 4, kernelSize: 3, padding: 1, groups: 4), [3, 4, 4, 5]),
    (ConvGeometry(3, 2, kernelSize: 1, stride: 2), [2, 3, 5, 5]),
    (ConvGeometry(2, 2, kernelSize: 3, padding: 2, dilation: 2), [1, 2, 5, 6]),
  ]

  @Test(arguments: cases.indices) func denseGradientsAreFiniteDifferences(index: Int) throws {
    let (geometry, shape) = Self.cases[index]
    var generator = SeededGenerator(seed: UInt64(index) + 1)
    let layer = Conv2d(geometry, using: &generator)
    let problem = try geometry.problem(batch: shape[0], inputSize: Size2D(height: shape[2], width: shape[3]))
    let bias = try #require(layer.bias)
    try GradientCheck.run([.random(shape, using: &generator)], parameters: [layer.weight, bias]) {
      try layer($0[0])
    } reference: {
      DoubleLayers.conv(problem, $0[0], weights: $0[1], bias: $0[2])
    }
  }

  @Test(arguments: cases.indices, ["direct", "reference"])
  func sparseGradientsAreFiniteDifferences(index: Int, kernelName: String) throws {
    let (geometry, shape) = Self.cases[index]
    var generator = SeededGenerator(seed: UInt64(index) + 1)
    let layer = try SparseConv2d(geometry, sparsity: 0.6, kernel: ConvKernelList.named(kernelName), using: &generator)
    let problem = try geometry.problem(batch: shape[0], inputSize: Size2D(height: shape[2], width: shape[3]))
    let places = try layer.weight.matrix().coordinates().map { $0.row * geometry.weightsPerOutputChannel + $0.column }
    let bias = try #require(layer.bias)
    try GradientCheck.run([.random(shape, using: &generator)], parameters: [layer.weight, bias]) {
      try layer($0[0])
    } reference: { points in
      var weights = [Double](repeating: 0, count: geometry.weightShape.elementCount)
      for (place, value) in zip(places, points[1]) { weights[place] = value }
      return DoubleLayers.conv(problem, points[0], weights: weights, bias: points[2])
    }
  }

  @Test(arguments: [1, 3]) func fullyConnectedGradientsAreFiniteDifferences(batch: Int) throws {
    var generator = SeededGenerator(seed: 5)
    let dense = Linear(7, 4, using: &generator)
    let sparse = try SparseLinear(7, 4, sparsity: 0.5, using: &generator)
    let input = Tensor.random([batch, 7], using: &generator)
    try GradientCheck.run([input], parameters: [dense.weight, #require(dense.bias)]) {
      try dense($0[0])
    } reference: {
      DoubleLayers.linear($0[0], weights: $0[1], bias: $0[2])
    }
    let places = try sparse.weight.matrix().coordinates().map { $0.row * 7 + $0.column }
    try GradientCheck.run([input], parameters: [sparse.weight, #require(sparse.bias)]) {
      try sparse($0[0])
    } reference: { points in
      var weights = [Double](repeating: 0, count: 28)
      for (place, value) in zip(places, points[1]) { weights[place] = value }
      return DoubleLayers.linear(points[0], weights: weights, bias: points[2])
    }
  }

  /// On integers, where every order of summation gives the same float.
  @Test(arguments: cases.indices) func sparseIsDenseWithZeros(index: Int) throws {
    let (geometry, shape) = Self.cases[index]
    var generator = SeededGenerator(seed: 9)
    let matrix = try WeightPattern.half.integers(
      rows: geometry.outputChannels, columns: geometry.weightsPerOutputChannel, using: &generator)
    let sparse = SparseConv2d(
      geometry, weights: matrix, bias: (0..<geometry.outputChannels).map { Float($0) })
    let dense = sparse.dense()
    let input = Tensor.randomIntegers(shape, magnitude: 3, using: &generator)
    func run(_ layer: any WeightedLayer) throws -> (output: Tensor, input: Tensor, weight: [Float], bias: [Float]) {
      let tape = Tape(context: ComputeContext())
      let variable = tape.watchedInput(input)
      let output = try layer(variable)
      try tape.backward(from: output.weightedSum((0..<output.value.count).map { Float($0 % 5 - 2) }))
      return (
        output.value, try #require(tape.gradient(of: variable)), layer.weight.gradient,
        try #require(layer.bias).gradient
      )
    }
    let (got, want) = (try run(sparse), try run(dense))
    #expect(got.output == want.output)
    #expect(got.input == want.input)
    #expect(got.bias == want.bias)
    #expect(
      got.weight == matrix.coordinates().map { want.weight[$0.row * geometry.weightsPerOutputChannel + $0.column] })
    #expect(try sparse.dense().sparse().weight.matrix() == matrix)
  }

  @Test func fullyConnectedConvertsToSparseAndBack() throws {
    var generator = SeededGenerator(seed: 4)
    let sparse = try SparseLinear(9, 5, sparsity: 0.7, using: &generator)
    let dense = sparse.dense()
    let again = try dense.sparse()
    #expect(try again.weight.matrix() == sparse.weight.matrix())
    #expect(again.bias?.values == sparse.bias?.values)
    let tape = Tape(context: ComputeContext(), isRecording: false)
    let input = Tensor.random([3, 9], using: &generator)
    #expect(try again(tape.input(input)).value == sparse(tape.input(input)).value)
  }

  @Test func newValuesAndPatternsAreSeenByEveryShape() throws {
    var generator = SeededGenerator(seed: 4)
    let geometry = ConvGeometry(2, 3, kernelSize: 3, padding: 1)
    let layer = try SparseConv2d(geometry, sparsity: 0.5, hasBias: false, using: &generator)
    let inputs = [Tensor.random([1, 2, 5, 5], using: &generator), .random([3, 2, 4, 6], using: &generator)]
    func check() throws {
      let fresh = SparseConv2d(geometry, weights: try layer.weight.matrix())
      for input in inputs {
        func run(_ layer: SparseConv2d) throws -> (Tensor, Tensor?, [Float]) {
          let tape = Tape(context: ComputeContext())
          let variable = tape.watchedInput(input)
          let output = try layer(variable)
          try tape.backward(from: output.weightedSum(output.value.values))
          return (output.value, tape.gradient(of: variable), layer.weight.gradient)
        }
        #expect(try run(layer) == run(fresh))
      }
    }
    try check()
    layer.weight.withUnsafeMutableValues { for index in $0.indices { $0[index] = Float(index) * 0.25 - 1 } }
    try check()
    let pattern = try SparsityPattern.random(rows: 3, columns: 18, sparsity: 0.8, using: &generator)
    layer.weight.setPattern(pattern, values: (0..<pattern.nnz).map { Float($0) - 3 })
    #expect(layer.weight.count == pattern.nnz && layer.weight.gradient.count == pattern.nnz)
    try check()
  }

  @Test func noGradientOfTheFirstInputIsComputed() throws {
    final class Phases: TapeProfiler {
      var seen: [TapePhase] = []
      func record(operation: String, phase: TapePhase, seconds: Double) { seen.append(phase) }
    }
    var generator = SeededGenerator(seed: 4)
    let layer = Conv2d(ConvGeometry(1, 2, kernelSize: 3), using: &generator)
    let tape = Tape(context: ComputeContext())
    let phases = Phases()
    tape.profiler = phases
    let output = try layer(tape.input(.random([1, 1, 4, 4], using: &generator)))
    try tape.backward(from: output.weightedSum(output.value.values))
    #expect(phases.seen == [.forward, .backward, .weightGradient, .backward])
  }

  /// With a profiler gradients are computed one after the other, without one at once.
  @Test(arguments: [0.7, 1])
  func aProfilerChangesNoBit(sparsity: Double) throws {
    final class Phases: TapeProfiler {
      var seen: [TapePhase] = []
      func record(operation: String, phase: TapePhase, seconds: Double) { seen.append(phase) }
    }
    var generator = SeededGenerator(seed: 6)
    let pattern = try SparsityPattern.random(rows: 16, columns: 16 * 9, sparsity: sparsity, using: &generator)
    let values = (0..<pattern.nnz).map { _ in generator.nextFloat(in: -1..<1) }
    let layer = SparseConv2d(
      ConvGeometry(16, 16, kernelSize: 3, padding: 1), weights: try CSRMatrix(pattern: pattern, values: values))
    let input = Tensor.random([5, 16, 9, 7], using: &generator)
    func gradients(_ profiler: Phases?) throws -> [[Float]?] {
      let tape = Tape(context: ComputeContext(threadCount: 2))
      tape.profiler = profiler
      let variable = tape.watchedInput(input)
      // Used twice, so that gradients are added to others.
      let output = try layer(layer(variable))
      try tape.backward(from: output.weightedSum(output.value.values))
      return [tape.gradient(of: variable)?.values, layer.weight.gradient]
    }
    let phases = Phases()
    let (alone, both) = (try gradients(phases), try gradients(nil))
    #expect(alone == both && alone[0]?.count == 5 * 16 * 63 && alone[1]?.count == pattern.nnz)
    #expect(phases.seen.filter { $0 == .inputGradient }.count == 2)
    #expect(phases.seen.filter { $0 == .weightGradient }.count == 2)
  }

  @Test func aKernelWithoutGradientsIsRefusedWhileRecording() throws {
    var generator = SeededGenerator(seed: 4)
    let layer = Conv2d(
      ConvGeometry(1, 2, kernelSize: 3), kernel: try ConvKernelList.named("winograd"), using: &generator)
    let input = Tensor.random([1, 1, 4, 4], using: &generator)
    #expect(throws: KernelError.self) { try layer(Tape(context: ComputeContext()).input(input)) }
    _ = try layer(Tape(context: ComputeContext(), isRecording: false).input(input))
  }

  @Test func anImageSmallerThanTheKernelIsRefused() throws {
    var generator = SeededGenerator(seed: 4)
    let layer = Conv2d(ConvGeometry(1, 2, kernelSize: 3), using: &generator)
    #expect(throws: ConvProblemError.self) {
      try layer(Tape(context: ComputeContext()).input(.random([1, 1, 2, 4], using: &generator)))
    }
  }

  @Test func channelsThatDoNotFitAreTheProgrammersMistake() async {
    await #expect(processExitsWith: .failure) {
      var generator = SeededGenerator(seed: 4)
      let layer = Conv2d(ConvGeometry(1, 2, kernelSize: 3), using: &generator)
      _ = try layer(Tape(context: ComputeContext()).input(.random([1, 2, 4, 4], using: &generator)))
    }
  }
}
