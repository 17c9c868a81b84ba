import BenchmarkShapes
import SparseKernels
import TensorCore
import TestSupport
import Testing

/// What kernels decline, and why: the reasons are part of what a user sees.
@Suite struct ConvKernelSupportTests {
  /// A kernel that spans 70,000 x 70,000 elements of the padded image through dilation.
  private func farReaching() throws -> ConvProblem {
    try ConvProblem(
      inputChannels: 1, outputChannels: 1, inputSize: Size2D(70_000), kernelSize: Size2D(2),
      dilation: Size2D(69_999))
  }

  /// One element whose kernel reaches as far through padding.
  private func farPadded() throws -> ConvProblem {
    try ConvProblem(
      inputChannels: 1, outputChannels: 1, inputSize: Size2D(1), kernelSize: Size2D(2), padding: Padding2D(35_000),
      dilation: Size2D(70_000))
  }

  @Test func kernelsOnWindowsWiderThanInt32() throws {
    let problem = try farReaching()
    for problem in [problem, try farPadded()] {
      for kernel in ConvKernelList.all {
        #expect(kernel.support(for: problem) == DeclinedProblems.support(kernel.name, problem), "\(kernel.name)")
      }
    }
    let ofDirect = "a padded image has 4900140001 elements, expected at most 134217728"
    #expect(DeclinedProblems.support("direct", try farPadded()) == .unsupported(ofDirect))
    let reason = "a window spans 4900000000 elements, more than CHOLMOD's 32-bit indices reach"
    #expect(DeclinedProblems.support("cholmod", problem) == .unsupported(reason))
  }

  @Test func nothingOfTheConformanceListIsDeclinedUnsaid() throws {
    for problem in try ShapeSuite.conformance.problems() {
      for kernel in ConvKernelList.all {
        let expected = DeclinedProblems.support(kernel.name, problem)
        #expect(kernel.support(for: problem) == expected, "\(kernel.name), \(problem)")
      }
    }
  }

  @Test func theKernelsOfEveryLayerDeclineNothingOfTheConformanceList() throws {
    for problem in try ShapeSuite.conformance.problems() {
      for name in ["reference", "dense", "direct", "onednn", "cholmod", "csparse", "graphblas", "auto"] {
        #expect(DeclinedProblems.support(name, problem) == .supported, "\(name), \(problem)")
      }
    }
  }

  @Test func preparingWhatIsDeclinedThrowsTheReason() throws {
    let problem = try farReaching()
    var generator = SeededGenerator(seed: 1)
    let weights = try ConvWeights.random(for: problem, sparsity: 0.5, using: &generator)
    for kernel in ConvKernelList.all {
      guard case .unsupported(let reason) = kernel.support(for: problem) else { continue }
      #expect(throws: KernelError.unsupported(kernel: kernel.name, reason: reason)) {
        _ = try kernel.prepare(problem, weights: weights)
      }
    }
  }

  /// Whoever says that its errors grow is not held to exact integers, so no kernel may say so without being named here. `auto` says
  /// what its choice does.
  @Test func onlyWinogradIsAllowedLargerErrors() throws {
    let problem = try ConvProblem(benchdnn: "mb1ic4ih8oc6kh3ph1")
    var generator = SeededGenerator(seed: 1)
    let weights = try ConvWeights.random(for: problem, sparsity: 0.5, using: &generator)
    for kernel in [ReferenceConvKernel()] + ConvKernelList.candidates {
      #expect((try kernel.prepare(problem, weights: weights).errorGrowth > 1) == (kernel.name == "winograd"))
    }
  }

  @Test func weightsOfAnotherShapeAreRefused() throws {
    let problem = try ConvProblem(benchdnn: "mb1ic4ih5oc6kh3")
    let kernels = ConvKernelList.all.filter { $0.support(for: problem) == .supported }
    for (rows, columns) in [(5, 36), (6, 35), (36, 6), (0, 0)] {
      var generator = SeededGenerator(seed: 1)
      let weights = ConvWeights(try CSRMatrix.random(rows: rows, columns: columns, sparsity: 0.5, using: &generator))
      for kernel in kernels {
        #expect(throws: KernelError.weightShape(rows: rows, columns: columns, problem: problem), "\(kernel.name)") {
          _ = try kernel.prepare(problem, weights: weights)
        }
      }
    }
  }

  @Test func namesAreUniqueAndFindTheirKernels() throws {
    let names = ConvKernelList.all.map(\.name)
    #expect(Set(names).count == names.count && names.first == "reference")
    for name in names { #expect(try ConvKernelList.named(name).name == name) }
    #expect(throws: KernelError.unknownName("Dense", known: names)) { try ConvKernelList.named("Dense") }
    let sentence = "there is no 'Dense' in this build, expected one of \(names.joined(separator: ", "))"
    #expect(KernelError.unknownName("Dense", known: names).description == sentence)
  }

  @Test func byteCountsAreThoseOfTheWeightsAndGrowWithThreads() throws {
    let problem = try ConvProblem(benchdnn: "mb1ic16ih14oc32kh3ph1")
    var generator = SeededGenerator(seed: 1)
    let weights = try ConvWeights.random(for: problem, sparsity: 0.75, using: &generator)
    for kernel in ConvKernelList.all where kernel.support(for: problem) == .supported {
      let prepared = try kernel.prepare(problem, weights: weights)
      // At the least a float for each stored weight; at the most a double and three 64-bit indices, and for each row and
      // block of columns an offset.
      let leastBytes = 4 * weights.matrix.nnz
      #expect(prepared.weightByteCount >= leastBytes, "\(kernel.name)")
      // Transformed, they are four times as many, zeros included.
      let most =
        prepared.errorGrowth > 1 ? 16 * problem.weightShape.elementCount : 32 * weights.matrix.nnz + 64 * 33
      #expect(prepared.weightByteCount <= most, "\(kernel.name)")
      let scratch = [1, 2, 3, 8].map { prepared.scratchByteCount(threadCount: $0) }
      #expect(scratch == scratch.sorted() && scratch[0] >= 0, "\(kernel.name)")
    }
  }
}
