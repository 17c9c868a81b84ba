import BenchmarkShapes
import TensorCore
import TestSupport
import Testing

@testable import SparseKernels

/// What `direct` promises beyond the conformance suite.
@Suite struct DirectConvKernelTests {
  private func prepare(_ problem: ConvProblem, sparsity: Double) throws -> (any PreparedConv, ConvWeights) {
    var generator = SeededGenerator(seed: 71)
    let weights = try ConvWeights.random(for: problem, sparsity: sparsity, using: &generator)
    return (try DirectConvKernel().prepare(problem, weights: weights), weights)
  }

  @Test(
    arguments: [
      "mb1ic64ih56oc32kh1", "mb1ic33ih7oc40kh1", "mb1ic64ih28oc32kh3", "mb1ic3ih33iw17oc8kh5kw2", "mb1ic512ih1oc100kh1",
      "g4mb1ic16ih15oc8kh3",
    ], [1, 2, 8])
  func strideOneWithoutPaddingNeedsNoScratch(line: String, threadCount: Int) throws {
    let prepared = try prepare(ConvProblem(benchdnn: line), sparsity: 0.8).0
    #expect(prepared.scratchByteCount(threadCount: threadCount) == 0)
  }

  /// One thread takes at most a copy of the input, laid out, and 64 KiB.
  @Test func scratchIsACopyOfTheInputAndSums() throws {
    for problem in try ShapeSuite.resnet50.problems() + ShapeSuite.varied.problems() + ShapeSuite.training.problems() {
      let conv = ShiftedConv.forward(problem)
      let (prepared, weights) = try prepare(problem, sparsity: 0.9)
      let layout = LanePlan(conv, pattern: weights.matrix.pattern).layout
      let oneCopy = layout.groupCount * layout.phaseVectors * layout.lanes * 4 * conv.sourceChannels
      // Channels lie up to 64 lines apart beyond their vectors, for the cache's sake.
      let gaps = conv.sourceChannels * 65 * 64
      #expect(prepared.scratchByteCount(threadCount: 1) <= oneCopy + gaps + 64 << 10, "\(problem)")
    }
  }

  /// 8 bytes a weight, 8 for each record, a row's weights in a block of channels, and 16 for each block of rows and channels: see
  /// ``PackedEntriesTests``. What that comes to depends on how many weights a record has: fewest in 1x1 layers of 64 channels.
  @Test(arguments: [(0.5, 8.6), (0.8, 9), (0.9, 10), (0.95, 12)])
  func packedWeightsOfResNet50AreSmall(sparsity: Double, mostBytes: Double) throws {
    for problem in try ShapeSuite.resnet50.problems() {
      let (prepared, weights) = try prepare(problem, sparsity: sparsity)
      let bytes = Double(prepared.weightByteCount) / Double(weights.matrix.nnz)
      #expect(bytes >= 8 && bytes <= mostBytes, "\(problem) at \(sparsity): \(bytes) bytes a weight")
    }
  }

  @Test(arguments: ["mb2ic16ih9oc24kh3ph1", "mb1ic16ih9oc24kh3", "g2mb1ic6ih8oc4kh3sh2ph1"])
  func gradientsUseTheValuesOfTheirTime(line: String) throws {
    let problem = try ConvProblem(benchdnn: line)
    let old = try GradientCase(problem, .half, hasIntegers: true, seed: 72)
    let context = ComputeContext(threadCount: 2)
    let newWeights = ConvWeights(try old.weights.matrix.replacingValues(old.weights.matrix.values.map { 3 - 2 * $0 }))
    let fresh = try old.run(
      #require(DirectConvKernel().prepare(problem, weights: newWeights).gradients), context: context)
    let original = try DirectConvKernel().prepare(problem, weights: old.weights)

    // Made after the values were replaced.
    var late = original
    try late.replaceValues(newWeights.matrix.values)
    let ofLate = try old.run(#require(late.gradients), context: context)
    #expect(ofLate.input == fresh.input && ofLate.weight == fresh.weight)

    // Made before: that value keeps the old ones, and the next has the new ones.
    var early = original
    let before = try #require(early.gradients)
    try early.replaceValues(newWeights.matrix.values)
    let ofEarly = try old.run(#require(early.gradients), context: context)
    let ofBefore = try old.run(before, context: context)
    let ofOriginal = try old.run(#require(original.gradients), context: context)
    #expect(ofEarly.input == fresh.input && ofEarly.weight == fresh.weight)
    #expect(old.fault(ofBefore, isExact: true) == nil)
    #expect(old.fault(ofOriginal, isExact: true) == nil)
    #expect(fresh.input != ofBefore.input && fresh.weight == ofBefore.weight)
  }

  /// Around the sixteen images that make two whole groups of lanes.
  @Test(
    arguments: ["ic16ih7oc24kh3ph1", "ic20ih7oc12kh1", "ic5ih14oc9kh3ph1", "ic9ih8oc7kh3sh2ph1", "ic24ih1oc40kh1"],
    [7, 8, 9, 15, 16, 17, 31, 33])
  func batchesAroundWholeVectorsAreExact(fields: String, batch: Int) throws {
    let problem = try ConvProblem(benchdnn: "mb\(batch)\(fields)")
    let context = ComputeContext(threadCount: 2)
    let item = try KernelCase.integers(problem, .half, epilogue: .biasResidualAndClamp, seed: 73)
    let got = try item.run(DirectConvKernel().prepare(problem, weights: item.weights), context: context)
    let fault = OutputComparison.inexactness(got, item.expected, problem: problem)
    #expect(fault == nil)
    let gradients = try GradientCase(problem, .half, hasIntegers: true, seed: 74)
    let prepared = try DirectConvKernel().prepare(problem, weights: gradients.weights)
    let gotGradients = try gradients.run(#require(prepared.gradients), context: context)
    let gradientFault = gradients.fault(gotGradients, isExact: true)
    #expect(gradientFault == nil)
  }

  /// No weight meets an infinity that it does not read, even where regions do not divide the image.
  @Test(arguments: ["mb1ic4ih13oc4kh3ph1", "mb3ic4ih11iw5oc4kh3sh2ph1", "mb1ic6ih17oc3kh1"])
  func infinitiesReachOnlyTheirWeights(line: String) throws {
    let problem = try ConvProblem(benchdnn: line)
    let item = try GradientCase(problem, .half, hasIntegers: true, seed: 75)
    var input = item.input
    for index in input.count - problem.inputSize.width..<input.count {
      input.withUnsafeMutableBufferPointer { $0[index] = .infinity }
    }
    let context = ComputeContext()
    let (direct, reference) = (DirectConvKernel(), ReferenceConvKernel())
    let finite = try [direct as any ConvKernel, reference].map { kernel in
      let gradients = try #require(kernel.prepare(problem, weights: item.weights).gradients)
      var result = [Float](repeating: 0, count: gradients.nnz)
      try gradients.weightGradient(input, item.outputGradient, into: &result, context: context)
      return result.map { $0.isFinite ? $0 : nil }
    }
    #expect(finite[0] == finite[1])
  }
}
