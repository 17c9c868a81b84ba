import BenchmarkShapes
import TensorCore
import TestSupport
import Testing

@testable import SparseKernels

/// 1x1 kernels with strides, chunk by chunk.
@Suite struct PositionConvTests {
  static let lines = [
    "mb2ic5ih31oc6kh1sh2", "mb3ic4ih32iw24oc5kh1sh2", "mb1ic4ih32iw16oc3kh1kw1sh2sw1", "mb2ic3ih46oc4kh1sh3",
    "g2mb1ic6ih32oc40kh1sh2", "g8mb2ic8ih32oc8kh1sh2", "mb1ic1200ih32oc9kh1sh2", "mb2ic70ih64oc90kh1sh2",
  ]

  private func chunks(_ conv: ShiftedConv) throws -> PositionChunks { try #require(PositionChunks(conv)) }

  @Test func theyAreForOneSourceAPosition() throws {
    for line in ["mb1ic4ih31oc4kh3sh2ph1", "mb1ic4ih31oc4kh1sh2ph1", "mb1ic4ih31oc4kh2sh2"] {
      let problem = try ConvProblem(benchdnn: line)
      #expect(!ShiftedConv.forward(problem).isPointwiseByPosition, "\(line)")
      #expect(!ShiftedConv.inputGradient(problem).isPointwiseByPosition, "\(line)")
    }
    for line in Self.lines + ["mb1ic4ih8oc4kh1", "mb1ic2ih9oc3kh1sh4"] {
      let problem = try ConvProblem(benchdnn: line)
      #expect(ShiftedConv.forward(problem).isPointwiseByPosition, "\(line)")
      #expect(ShiftedConv.inputGradient(problem).isPointwiseByPosition, "\(line)")
    }
    // Too few positions, or no whole lines of them.
    for line in ["mb1ic4ih14oc4kh1sh2", "mb1ic4ih28oc4kh1sh2", "mb1ic4ih57oc4kh1sh2"] {
      #expect(try PositionChunks(.forward(ConvProblem(benchdnn: line))) == nil, "\(line)")
    }
  }

  @Test(arguments: lines)
  func chunksAreAllPositionsInWholeLines(line: String) throws {
    let problem = try ConvProblem(benchdnn: line)
    for conv in [ShiftedConv.forward(problem), .inputGradient(problem)] {
      let chunks = try chunks(conv)
      #expect(chunks.count * chunks.positionCount == conv.batch * conv.positionCount)
      #expect(chunks.positionCount.isMultiple(of: 16) && chunks.positionCount >= 128)
      #expect(chunks.positionCount * conv.sourceChannels * 4 <= TileCost.nearByteCount)
      #expect(chunks.mostRows >= 1 && chunks.sourceStride >= chunks.positionCount)
      #expect(!chunks.hasSourceStride || chunks.sourceStride % 32 == 16)
    }
  }

  /// With an epilogue, into the cache and past it, in as many parts as threads want.
  @Test(arguments: lines, [false, true])
  func forwardIsExact(line: String, storesPastCache: Bool) throws {
    let problem = try ConvProblem(benchdnn: line)
    for kind in EpilogueKind.allCases {
      let item = try KernelCase.integers(problem, .half, epilogue: kind, seed: 84)
      let conv = PositionConv(
        try chunks(.forward(problem)), weights: item.weights.matrix, storesPastCache: storesPastCache)
      for threadCount in [1, 3] {
        let context = ComputeContext(threadCount: threadCount)
        var output = Tensor(repeating: .nan, shape: problem.outputShape)
        try item.input.withUnsafeBufferPointer { input in
          try output.withUnsafeMutableBufferPointer { output in
            guard let input = input.baseAddress, let output = output.baseAddress else { return }
            try item.epilogue.run(into: output) {
              try conv.run(source: input, destination: output, epilogue: $0, context: context)
            }
          }
        }
        let fault = OutputComparison.inexactness(output.values, item.expected, problem: problem)
        #expect(fault == nil, "\(kind), \(threadCount) threads")
      }
    }
  }

  @Test(arguments: lines, [false, true])
  func gradientsAreExact(line: String, storesPastCache: Bool) throws {
    let problem = try ConvProblem(benchdnn: line)
    let item = try GradientCase(problem, .half, hasIntegers: true, seed: 85)
    let transposed = TransposedWeights(item.weights.matrix.pattern, problem: problem)
      .matrix(values: item.weights.matrix.values)
    let conv = PositionConv(
      try chunks(.inputGradient(problem)), weights: transposed, storesPastCache: storesPastCache)
    var gradient = Tensor(repeating: .nan, shape: problem.inputShape)
    let context = ComputeContext(threadCount: 2)
    try item.outputGradient.withUnsafeBufferPointer { source in
      try gradient.withUnsafeMutableBufferPointer { destination in
        guard let source = source.baseAddress, let destination = destination.baseAddress else { return }
        try conv.run(
          source: source, destination: destination, epilogue: RunningEpilogue(output: destination), context: context)
      }
    }
    #expect(gradient.values.map(Double.init) == item.inputGradient)
  }
}
