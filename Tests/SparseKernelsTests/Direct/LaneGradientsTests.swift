import BenchmarkShapes
import TensorCore
import Testing

@testable import SparseKernels

/// Which layers have both gradients from one layout; that their bits are those of each alone is ``ConvGradientTests``' matter.
@Suite struct LaneGradientsTests {
  private func gradients(_ problem: ConvProblem, sparsity: Double) throws -> (LaneGradients?, CSRMatrix) {
    var generator = SeededGenerator(seed: 62)
    let weights = try ConvWeights.random(for: problem, sparsity: sparsity, using: &generator).matrix
    let transposed = TransposedWeights(weights.pattern, problem: problem).matrix(values: weights.values)
    return (LaneGradients(problem, transposed: transposed.pattern), transposed)
  }

  @Test(arguments: [0.5, 0.95])
  func layersOfNetworksShareALayout(sparsity: Double) throws {
    for line in [
      "mb32ic64ih56oc64kh3ph1", "mb32ic128ih28oc128kh3ph1", "mb32ic256ih14oc256kh3ph1", "mb32ic512ih7oc512kh3ph1",
      "g4mb8ic64ih14oc64kh3ph1", "mb8ic64ih14oc64kh3ph2dh1",
    ] {
      let problem = try ConvProblem(benchdnn: line)
      let (gradients, transposed) = try gradients(problem, sparsity: sparsity)
      let shared = try #require(gradients, "\(problem)")
      let (sums, products) = (shared.conv(transposed).plan, shared.products.plan)
      #expect(sums.layout == products.layout && sums.channelStride == products.channelStride, "\(problem)")
      let layout = products.layout
      #expect(layout.conv.rows.count.isMultiple(of: layout.regionRows), "\(problem)")
      #expect(layout.conv.columns.count.isMultiple(of: layout.regionColumns), "\(problem)")
      // As many threads as can have rows of their own.
      #expect(shared.serves(threadCount: 1) && !shared.serves(threadCount: 33))
    }
  }

  /// Strides leave the input in phases; large pointwise layers are read as they lie.
  @Test(arguments: ["mb32ic64ih56oc128kh3sh2ph1", "mb32ic64ih56oc128kh1sh2", "mb4ic64ih56oc64kh1"])
  func othersGoTheirOwnWays(line: String) throws {
    #expect(try gradients(ConvProblem(benchdnn: line), sparsity: 0.9).0 == nil)
  }

  @Test func theConformanceListHasManyOfBoth() throws {
    let problems = try ShapeSuite.conformance.problems()
    let sharing = try problems.filter { try gradients($0, sparsity: 0.5).0 != nil }
    #expect(sharing.count > 30 && problems.count - sharing.count > 30, "\(sharing.count) of \(problems.count)")
  }
}
