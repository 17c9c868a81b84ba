import BenchmarkShapes
import Foundation
import TensorCore
import TestSupport
import Testing

@testable import SparseKernels

/// `direct` with micro-kernels that this processor would not choose, in a process that caps its instruction set. Wider ones than
/// scalar are what ``ConformanceTests`` run; both are held against the same oracle within the same bound.
@Suite struct DirectInstructionSetTests {
  @Test func scalarMicroKernelsComputeTheSame() async {
    await #expect(processExitsWith: .success) {
      // Before anything has asked for the current set, which is read once.
      setenv(InstructionSet.capVariable, "scalar", 1)
      try #require(SpMMKernels.current.map(\.isa) == [.scalar] && SDDMMKernels.current.map(\.isa) == [.scalar])
      try DirectInstructionSetTests.expectConformance()
    }
  }

  @Test(.enabled(if: InstructionSet.ofProcessor.included.contains(.avx2), "this processor has no AVX2"))
  func avx2MicroKernelsComputeTheSame() async {
    await #expect(processExitsWith: .success) {
      setenv(InstructionSet.capVariable, "avx2", 1)
      try #require(SpMMKernels.current.map(\.isa) == [.avx2] && SDDMMKernels.current.map(\.isa) == [.avx2])
      try DirectInstructionSetTests.expectConformance()
    }
  }

  /// What a build has, and that the widest of them is taken.
  @Test func microKernelsAreThoseOfTheProcessor() {
    #expect(SpMMKernels(isa: .scalar)?.isa == .scalar && SDDMMKernels(isa: .scalar)?.isa == .scalar)
    #if arch(x86_64) || arch(arm64)
      let expected = InstructionSet.current.included.filter { $0 > .scalar }
    #else
      let expected: [InstructionSet] = []
    #endif
    #expect(SpMMKernels.current.map(\.isa) == (expected.isEmpty ? [.scalar] : expected.reversed()))
    #expect(SDDMMKernels.current.map(\.isa) == SpMMKernels.current.map(\.isa))
    #expect(LanePlan.laneCounts.contains(16) == InstructionSet.hasWholeWideVectors)
  }

  /// Forward and gradients over the conformance list: integers exactly, random numbers within their bound.
  private static func expectConformance() throws {
    let context = ComputeContext(threadCount: 2)
    let kernel = DirectConvKernel()
    for (index, problem) in try ShapeSuite.conformance.problems().enumerated() {
      let seed = ConformanceTests.seed + UInt64(index)
      let integers = try KernelCase.integers(problem, .half, epilogue: .biasResidualAndClamp, seed: seed)
      let exact = try integers.run(kernel.prepare(problem, weights: integers.weights), context: context)
      let floats = try KernelCase.floats(problem, .mostlyZero, epilogue: .biasResidualAndReLU, seed: seed)
      let rounding = try kernel.prepare(problem, weights: floats.weights)
      let rounded = try floats.run(rounding, context: context)
      var faults = [
        OutputComparison.inexactness(exact, integers.expected, problem: problem), floats.fault(rounded, of: rounding),
      ]
      for hasIntegers in [true, false] {
        let item = try GradientCase(problem, .half, hasIntegers: hasIntegers, seed: seed)
        let gradients = try #require(kernel.prepare(problem, weights: item.weights).gradients)
        faults.append(item.fault(try item.run(gradients, context: context), isExact: hasIntegers))
      }
      let first = faults.compactMap(\.self).first
      try #require(first == nil)
    }
  }
}
