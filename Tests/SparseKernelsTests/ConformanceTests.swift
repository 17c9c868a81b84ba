import BenchmarkShapes
import Foundation
import SparseKernels
import TensorCore
import TestSupport
import Testing

/// Every kernel of the list on every problem of the conformance list.
@Suite struct ConformanceTests {
  /// Set `SNN_TEST_SEED` to repeat a failure or to try other numbers.
  static let seed = ProcessInfo.processInfo.environment["SNN_TEST_SEED"].flatMap { UInt64($0) } ?? 20_261_124

  static let kernelNames = ConvKernelList.all.map(\.name)

  @Test func theListHasEveryKindOfProblem() throws {
    let problems = try ShapeSuite.conformance.problems()
    #expect(Set(problems).count >= 150 && Set(problems).count == problems.count)
    let kinds: [(String, (ConvProblem) -> Bool)] = [
      ("1x1", { $0.isPointwise }),
      ("1x7", { $0.kernelSize == Size2D(height: 1, width: 7) }),
      ("7x1", { $0.kernelSize == Size2D(height: 7, width: 1) }),
      ("stride", { $0.stride.height > 1 && $0.stride.width > 1 }),
      ("stride of one axis", { $0.stride.height != $0.stride.width }),
      ("asymmetric padding", { $0.padding.top != $0.padding.bottom || $0.padding.left != $0.padding.right }),
      ("dilation", { $0.dilation.height > 1 || $0.dilation.width > 1 }),
      ("groups", { $0.groups > 1 && $0.groups < $0.inputChannels }),
      ("depthwise", { $0.groups > 1 && $0.groups == $0.inputChannels && $0.groups == $0.outputChannels }),
      ("depthwise with a multiplier", { $0.groups == $0.inputChannels && $0.outputChannels > $0.groups }),
      ("batch", { $0.batch > 1 }),
      (
        "image smaller than kernel",
        { $0.inputSize.height < $0.kernelSize.height && $0.inputSize.width < $0.kernelSize.width }
      ),
      ("one output pixel", { $0.outputPixels == 1 }),
      ("oblong image", { $0.inputSize.height != $0.inputSize.width }),
      ("one row", { $0.inputSize.height == 1 && $0.inputSize.width > 1 }),
    ]
    for (name, isKind) in kinds {
      #expect(problems.contains(where: isKind), "the list has no problem of the kind '\(name)'")
    }
  }

  @Test(arguments: kernelNames, WeightPattern.allCases)
  func integersAreExact(kernelName: String, pattern: WeightPattern) throws {
    try forEachProblem(kernelName) { kernel, problem, seed, context in
      for hasEpilogue in [false, true] {
        let item = try KernelCase.integers(problem, pattern, hasEpilogue: hasEpilogue, seed: seed)
        let got = try item.run(kernel.prepare(problem, weights: item.weights), context: context)
        let fault = OutputComparison.inexactness(got, item.expected, problem: problem)
        #expect(fault == nil, "\(kernelName), \(pattern), seed \(seed)")
      }
    }
  }

  @Test(arguments: kernelNames, WeightPattern.allCases)
  func randomNumbersAreWithinTheirBound(kernelName: String, pattern: WeightPattern) throws {
    try forEachProblem(kernelName) { kernel, problem, seed, context in
      let item = try KernelCase.floats(problem, pattern, hasEpilogue: seed % 2 == 0, seed: seed)
      let fault = item.fault(try item.run(kernel.prepare(problem, weights: item.weights), context: context))
      #expect(fault == nil, "\(kernelName), \(pattern), seed \(seed)")
    }
  }

  @Test(arguments: kernelNames)
  func threadsDoNotChangeABit(kernelName: String) throws {
    let contexts = [2, 3].map { ComputeContext(threadCount: $0) }
    try forEachProblem(kernelName) { kernel, problem, seed, context in
      let item = try KernelCase.floats(problem, .half, hasEpilogue: true, seed: seed)
      let prepared = try kernel.prepare(problem, weights: item.weights)
      let alone = try item.run(prepared, context: context)
      for shared in contexts {
        let together = try item.run(prepared, context: shared)
        #expect(alone == together, "\(kernelName), \(problem), \(shared.threadCount) threads, seed \(seed)")
      }
    }
  }

  @Test(arguments: kernelNames)
  func replacedValuesAreThoseOfAFreshPreparation(kernelName: String) throws {
    try forEachProblem(kernelName) { kernel, problem, seed, context in
      let before = try KernelCase.floats(problem, .half, hasEpilogue: false, seed: seed)
      var generator = SeededGenerator(seed: seed + 1)
      let values = before.weights.matrix.values.map { _ in generator.nextFloat(in: -2..<2) }
      let after = ConvWeights(try before.weights.matrix.replacingValues(values))
      let original = try kernel.prepare(problem, weights: before.weights)
      var replaced = original
      try replaced.replaceValues(values)
      let fresh = try before.run(kernel.prepare(problem, weights: after), context: context)
      #expect(try before.run(replaced, context: context) == fresh, "\(kernelName), \(problem), seed \(seed)")
      let fault = before.fault(try before.run(original, context: context))
      #expect(fault == nil, "\(kernelName), seed \(seed): replacing values in a copy changed the original")
    }
  }

  /// Runs a body on each problem that a kernel supports, with one context for all, so that each call finds the scratch
  /// memory that the call before left.
  private func forEachProblem(
    _ kernelName: String,
    _ body: (_ kernel: any ConvKernel, _ problem: ConvProblem, _ seed: UInt64, _ context: ComputeContext) throws -> Void
  ) throws {
    let kernel = try ConvKernelList.named(kernelName)
    let context = ComputeContext()
    for (index, problem) in try ShapeSuite.conformance.problems().enumerated() {
      // What is declined is pinned by ConvKernelSupportTests.
      guard case .supported = kernel.support(for: problem) else { continue }
      try body(kernel, problem, Self.seed + UInt64(index), context)
    }
  }
}
