import BenchmarkShapes
import Foundation
import SparseKernels
import TensorCore
import TestSupport
import Testing

/// Every kernel of the list on every problem of the conformance list.
@Suite struct ConformanceTests {
  /// Every run has the same numbers; set `SNN_TEST_SEED` to try others.
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
      ("stride 3", { $0.stride == Size2D(3) && $0.kernelSize == Size2D(3) }),
      ("stride of one axis", { $0.stride.height != $0.stride.width }),
      ("asymmetric padding", { $0.padding.top != $0.padding.bottom || $0.padding.left != $0.padding.right }),
      ("dilation", { $0.dilation.height > 1 || $0.dilation.width > 1 }),
      (
        "dilation, stride and asymmetric padding",
        { $0.dilation.width > 1 && $0.stride.width > 1 && $0.padding.left != $0.padding.right }
      ),
      ("groups of few channels", { $0.groups > 1 && $0.inputChannelsPerGroup == 1 && $0.outputChannelsPerGroup == 3 }),
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
      ("one column", { $0.inputSize.width == 1 && $0.inputSize.height > 1 }),
      ("many images of one pixel", { $0.inputPixels == 1 && $0.batch > 8 }),
      (
        "many images of one pixel, padded",
        { $0.inputPixels == 1 && $0.batch > 8 && $0.outputPixels == 1 && !$0.isPointwise }
      ),
      ("many output channels", { $0.outputChannels >= 512 }),
      ("many input channels", { $0.inputChannels >= 512 && $0.padding != .none }),
    ]
    for (name, isKind) in kinds {
      #expect(problems.contains(where: isKind), "the list has no problem of the kind '\(name)'")
    }
  }

  @Test(arguments: kernelNames, WeightPattern.allCases)
  func integersAreExact(kernelName: String, pattern: WeightPattern) throws {
    try Self.expectNoFault(kernelName, "\(pattern)") { kernel, problem, seed, context in
      for kind in [EpilogueKind.none, .biasResidualAndClamp] {
        let item = try KernelCase.integers(problem, pattern, epilogue: kind, seed: seed)
        let prepared = try kernel.prepare(problem, weights: item.weights)
        if let fault = item.fault(try item.run(prepared, context: context), of: prepared) { return fault }
      }
      return nil
    }
  }

  @Test(arguments: kernelNames, EpilogueKind.allCases)
  func epiloguesAreExact(kernelName: String, kind: EpilogueKind) throws {
    try Self.expectNoFault(kernelName, "\(kind)") { kernel, problem, seed, context in
      let item = try KernelCase.integers(problem, .mostlyZero, epilogue: kind, seed: seed)
      let prepared = try kernel.prepare(problem, weights: item.weights)
      return item.fault(try item.run(prepared, context: context), of: prepared)
    }
  }

  @Test(arguments: kernelNames, WeightPattern.allCases)
  func randomNumbersAreWithinTheirBound(kernelName: String, pattern: WeightPattern) throws {
    try Self.expectNoFault(kernelName, "\(pattern)") { kernel, problem, seed, context in
      let kinds = EpilogueKind.allCases
      let item = try KernelCase.floats(problem, pattern, epilogue: kinds[Int(seed % UInt64(kinds.count))], seed: seed)
      let prepared = try kernel.prepare(problem, weights: item.weights)
      return item.fault(try item.run(prepared, context: context), of: prepared)
    }
  }

  @Test(arguments: kernelNames)
  func threadsDoNotChangeABit(kernelName: String) throws {
    let contexts = [2, 3].map { ComputeContext(threadCount: $0) }
    try Self.expectNoFault(kernelName) { kernel, problem, seed, context in
      let item = try KernelCase.floats(problem, .half, epilogue: .biasResidualAndClamp, seed: seed)
      let prepared = try kernel.prepare(problem, weights: item.weights)
      let alone = try item.run(prepared, context: context)
      for shared in contexts where try item.run(prepared, context: shared) != alone {
        return "\(problem): \(shared.threadCount) threads give another output than one"
      }
      return nil
    }
  }

  @Test(arguments: kernelNames)
  func replacedValuesAreThoseOfAFreshPreparation(kernelName: String) throws {
    try Self.expectNoFault(kernelName) { kernel, problem, seed, context in
      let item = try KernelCase.floats(problem, .half, epilogue: .none, seed: seed)
      var generator = SeededGenerator(seed: seed + 1)
      let values = item.weights.matrix.values.map { _ in generator.nextFloat(in: -2..<2) }
      let original = try kernel.prepare(problem, weights: item.weights)
      let before = try item.run(original, context: context)
      var replaced = original
      try replaced.replaceValues(values)
      let after = ConvWeights(try item.weights.matrix.replacingValues(values))
      let fresh = try item.run(kernel.prepare(problem, weights: after), context: context)
      if try item.run(replaced, context: context) != fresh { return "\(problem): replaced values give another output" }
      if try item.run(original, context: context) != before {
        return "\(problem): replacing values in a copy changed the original"
      }
      return nil
    }
  }

  @Test(arguments: kernelNames)
  func scratchIsNoMoreThanStated(kernelName: String) throws {
    try Self.expectNoFault(kernelName) { kernel, problem, seed, _ in
      let item = try KernelCase.floats(problem, .half, epilogue: .none, seed: seed)
      let prepared = try kernel.prepare(problem, weights: item.weights)
      for threadCount in [1, 2] {
        let context = ComputeContext(threadCount: threadCount)
        _ = try item.run(prepared, context: context)
        let stated = prepared.scratchByteCount(threadCount: threadCount)
        if context.scratchByteCount > stated {
          return "\(problem): takes \(context.scratchByteCount) bytes of scratch, states \(stated)"
        }
      }
      return nil
    }
  }

  /// Looks for a fault on each problem that a kernel supports, with one context for all, so that each call finds the
  /// scratch memory that the call before left. Records the first faults, since one wrong index brings hundreds.
  static func expectNoFault(
    _ kernelName: String, _ circumstances: String = "",
    _ fault: (
      _ kernel: any ConvKernel, _ problem: ConvProblem, _ seed: UInt64, _ context: ComputeContext
    ) throws -> String?
  ) throws {
    let kernel = try ConvKernelList.named(kernelName)
    let context = ComputeContext()
    var faults: [String] = []
    for (index, problem) in try ShapeSuite.conformance.problems().enumerated() {
      // What is declined is pinned by ConvKernelSupportTests.
      guard case .supported = kernel.support(for: problem) else { continue }
      if let fault = try fault(kernel, problem, seed + UInt64(index), context) { faults.append(fault) }
    }
    let heading = "\(kernelName) \(circumstances), SNN_TEST_SEED=\(seed)"
    for fault in faults.prefix(3) { Issue.record("\(heading): \(fault)") }
    if faults.count > 3 { Issue.record("\(heading): \(faults.count - 3) more problems like these") }
  }
}
