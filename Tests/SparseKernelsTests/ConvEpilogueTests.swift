import SparseKernels
import TensorCore
import TestSupport
import Testing

/// What an epilogue does with numbers that are none, and what it asks for; the conformance suite has the rest.
@Suite struct ConvEpilogueTests {
  static let kernelNames = ConvKernelList.all.map(\.name)

  /// Several images and groups, with rows long enough for vectors and for what is left over.
  @Test(
    arguments: kernelNames,
    [
      (Activation.identity, -Float.infinity, Float.infinity), (.relu, 0, .infinity),
      (.clamp(lower: 0, upper: 6), 0, 6), (.clamp(lower: -.infinity, upper: -2), -.infinity, -2),
      (.clamp(lower: 3, upper: 3), 3, 3),
    ])
  func activationsLimitNumbersAndKeepNaN(
    kernelName: String, function: (activation: Activation, lower: Float, upper: Float)
  ) throws {
    let problem = try ConvProblem(benchdnn: "g2mb3ic2ih3iw37oc4kh1")
    let kernel = try ConvKernelList.named(kernelName)
    guard case .supported = kernel.support(for: problem) else { return }
    let weights: [Float] = [1, -2, 3, -1]
    let bias: [Float] = [0, 1, -3, 2]
    var generator = SeededGenerator(seed: 12)
    var input = Tensor.randomIntegers(problem.inputShape, magnitude: 8, using: &generator)
    var residual = Tensor.randomIntegers(problem.outputShape, magnitude: 8, using: &generator)
    for index in stride(from: 0, to: input.count, by: 11) { input[flat: index] = .nan }
    for index in stride(from: 0, to: input.count, by: 13) { input[flat: index] = .infinity }
    for index in stride(from: 0, to: residual.count, by: 17) { residual[flat: index] = .nan }

    let prepared = try kernel.prepare(
      problem, weights: ConvWeights(oihw: Tensor(weights, shape: problem.weightShape)))
    var output = Tensor(zeros: problem.outputShape)
    let epilogue = ConvEpilogue(bias: bias, residual: residual, activation: function.activation)
    try prepared.forward(input, into: &output, epilogue: epilogue, context: ComputeContext())
    let expected = (0..<output.count).map { index in
      let (plane, pixel) = index.quotientAndRemainder(dividingBy: problem.outputPixels)
      // Each group has one input channel and two output channels.
      let value = input[flat: plane / 2 * problem.inputPixels + pixel]
      let sum = value * weights[plane % 4] + bias[plane % 4] + residual[flat: index]
      return sum.isNaN ? sum : min(function.upper, max(function.lower, sum))
    }
    let wrong = zip(output.values, expected).enumerated().first { _, pair in
      pair.0 != pair.1 && !(pair.0.isNaN && pair.1.isNaN)
    }
    #expect(wrong == nil, "the first wrong element, its value, and what was expected")
  }

  @Test func aBiasThatIsNaNStaysNaN() throws {
    let problem = try ConvProblem(benchdnn: "mb1ic1ih5oc1kh1")
    let weights = try ConvWeights(oihw: Tensor([2], shape: problem.weightShape))
    let input = Tensor(repeating: 1, shape: problem.inputShape)
    for kernel in ConvKernelList.all {
      guard case .supported = kernel.support(for: problem) else { continue }
      var output = Tensor(zeros: problem.outputShape)
      let epilogue = ConvEpilogue(bias: [.nan], activation: .clamp(lower: 0, upper: 6))
      try kernel.prepare(problem, weights: weights)
        .forward(input, into: &output, epilogue: epilogue, context: ComputeContext())
      #expect(output.values.allSatisfy { $0.isNaN }, "\(kernel.name)")
    }
  }

  /// A network may hand over one tensor as residual and output: a tensor that is written to is a copy.
  @Test(arguments: kernelNames)
  func aResidualMayBeACopyOfTheOutput(kernelName: String) throws {
    let problem = try ConvProblem(benchdnn: "mb2ic8ih9oc6kh3ph1")
    let kernel = try ConvKernelList.named(kernelName)
    guard case .supported = kernel.support(for: problem) else { return }
    var generator = SeededGenerator(seed: 13)
    let matrix = try WeightPattern.half.integers(
      rows: problem.outputChannels, columns: problem.weightsPerOutputChannel, using: &generator)
    let prepared = try kernel.prepare(problem, weights: ConvWeights(matrix))
    let input = Tensor.randomIntegers(problem.inputShape, magnitude: 8, using: &generator)
    let residual = Tensor.randomIntegers(problem.outputShape, magnitude: 8, using: &generator)
    let context = ComputeContext()
    var plain = Tensor(zeros: problem.outputShape)
    try prepared.forward(input, into: &plain, context: context)

    var (output, before) = (residual, residual.values)
    try prepared.forward(input, into: &output, epilogue: ConvEpilogue(residual: residual), context: context)
    #expect(residual.values == before)
    for index in before.indices { before[index] += plain[flat: index] }
    #expect(output.values == before)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .success) {
      try Self.forward(
        ConvEpilogue(residual: Tensor(zeros: [1, 2, 3, 3]), activation: .clamp(lower: -.infinity, upper: 0)))
    }
    await #expect(processExitsWith: .failure) { try Self.forward(ConvEpilogue(residual: Tensor(zeros: [1, 2, 3, 4]))) }
    await #expect(processExitsWith: .failure) { try Self.forward(ConvEpilogue(residual: Tensor(zeros: [18]))) }
    await #expect(processExitsWith: .failure) { try Self.forward(ConvEpilogue(bias: [1])) }
    await #expect(processExitsWith: .failure) {
      try Self.forward(ConvEpilogue(activation: .clamp(lower: 1, upper: 0)))
    }
    await #expect(processExitsWith: .failure) {
      try Self.forward(ConvEpilogue(activation: .clamp(lower: .nan, upper: 0)))
    }
    await #expect(processExitsWith: .failure) {
      try Self.forward(ConvEpilogue(activation: .clamp(lower: 0, upper: .nan)))
    }
  }

  /// Runs a convolution with two output channels of 3x3.
  private static func forward(_ epilogue: ConvEpilogue) throws {
    let problem = try ConvProblem(benchdnn: "mb1ic1ih3oc2kh1")
    let weights = try ConvWeights(oihw: Tensor([1, 2], shape: problem.weightShape))
    var output = Tensor(zeros: problem.outputShape)
    try DenseConvKernel().prepare(problem, weights: weights)
      .forward(Tensor(zeros: problem.inputShape), into: &output, epilogue: epilogue, context: ComputeContext())
  }
}
