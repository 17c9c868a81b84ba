import BenchmarkShapes
import SparseKernels
import TensorCore
import Testing

/// `direct` on several threads, over the conformance list and some layers that are cut into many parts. `.ci/run` runs this suite
/// under ThreadSanitizer, so it has nothing but the kernel in it: no other library's threads, no oracle.
@Suite struct DirectThreadTests {
  private static let lines = [
    "mb1ic64ih28oc96kh3ph1", "mb4ic32ih14oc300kh3ph1", "mb1ic256ih14oc128kh1", "mb16ic24ih7oc32kh3ph1",
    "mb2ic32ih28oc64kh3sh2ph1", "g8mb3ic32ih14oc32kh3ph1", "mb33ic96ih1oc200kh1", "mb5ic168ih8oc40kh3ph1",
  ]

  private static let problems: [ConvProblem] = {
    ((try? ShapeSuite.conformance.problems()) ?? []) + lines.compactMap { try? ConvProblem(benchdnn: $0) }
  }()

  /// More threads than this machine has cores, perhaps, and numbers that do not divide the parts.
  private static let threadCounts = [1, 2, 3, 5]

  @Test(arguments: [0.5, 0.9])
  func threadsDoNotChangeABit(sparsity: Double) throws {
    #expect(Self.problems.count > 150)
    let contexts = Self.threadCounts.map { ComputeContext(threadCount: $0) }
    for problem in Self.problems {
      var generator = SeededGenerator(seed: 81)
      let weights = try ConvWeights.random(for: problem, sparsity: sparsity, using: &generator)
      let prepared = try DirectConvKernel().prepare(problem, weights: weights)
      let gradients = try #require(prepared.gradients)
      let input = Tensor.random(problem.inputShape, using: &generator)
      let outputGradient = Tensor.random(problem.outputShape, using: &generator)
      let epilogue = ConvEpilogue(
        bias: (0..<problem.outputChannels).map { _ in generator.nextFloat(in: -1..<1) },
        residual: .random(problem.outputShape, using: &generator), activation: .clamp(lower: -1, upper: 2))
      var first: [[UInt32]]?
      for context in contexts {
        var output = Tensor(repeating: .nan, shape: problem.outputShape)
        var inputGradient = Tensor(repeating: .nan, shape: problem.inputShape)
        var weightGradient = [Float](repeating: .nan, count: weights.matrix.nnz)
        try prepared.forward(input, into: &output, epilogue: epilogue, context: context)
        try gradients.inputGradient(outputGradient, into: &inputGradient, context: context)
        try gradients.weightGradient(input, outputGradient, into: &weightGradient, context: context)
        var (bothInput, bothWeight) = (inputGradient, weightGradient.map { _ in Float.nan })
        bothInput.withUnsafeMutableBufferPointer { $0.update(repeating: .nan) }
        try gradients.bothGradients(
          input, outputGradient, intoInput: &bothInput, weights: &bothWeight, context: context)
        func bits(_ values: [Float]...) -> [[UInt32]] { values.map { $0.map(\.bitPattern) } }
        let isSameTogether = bits(bothInput.values, bothWeight) == bits(inputGradient.values, weightGradient)
        try #require(isSameTogether, "\(problem), sparsity \(sparsity): both gradients at once differ")
        let got = bits(output.values, inputGradient.values, weightGradient)
        let expected = first ?? got
        first = expected
        let isSame = got == expected
        try #require(isSame, "\(problem), sparsity \(sparsity): \(context.threadCount) threads differ from one")
      }
    }
  }
}
