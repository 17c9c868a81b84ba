import Pruning
import TensorCore
import Testing

struct SparsityDistributionTests {
  // ResNet-20's first layers and its classifier.
  static let shapes: [Shape] = [
    [16, 3, 3, 3], [16, 16, 3, 3], [32, 16, 3, 3], [64, 64, 3, 3], [32, 16, 1, 1], [10, 64],
  ]

  @Test func uniformGivesEachLayerTheSame() {
    #expect(
      SparsityDistribution.uniform.densities(sparsity: 0.75, shapes: Self.shapes) == Self.shapes.map { _ in 0.25 })
    let counts = SparsityDistribution.uniform.keptCounts(
      sparsity: 0.5, shapes: [[3, 1], [2, 2], [0, 4]], scores: [[], [], []])
    #expect(counts == [2, 2, 0])
  }

  @Test(arguments: [SparsityDistribution.erdosRenyi, .erdosRenyiKernel])
  func densitiesGiveTheWholeAndNoneExceedsOne(distribution: SparsityDistribution) {
    for sparsity in [0, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99, 1] {
      let densities = distribution.densities(sparsity: sparsity, shapes: Self.shapes)
      #expect(densities.allSatisfy { $0 >= 0 && $0 <= 1 })
      let kept = zip(densities, Self.shapes).reduce(0) { $0 + $1.0 * Double($1.1.elementCount) }
      let positions = Double(Self.shapes.reduce(0) { $0 + $1.elementCount })
      // Sums of six products in Double.
      #expect(abs(kept - (1 - sparsity) * positions) < 1e-9 * positions, "\(distribution), \(sparsity)")
      // All that are not dense have the same factor.
      let factors = zip(densities, Self.shapes).compactMap { density, shape -> Double? in
        let extents = distribution == .erdosRenyi ? Array(shape.dimensions.prefix(2)) : shape.dimensions
        return density == 1 ? nil : density * Double(extents.reduce(1, *)) / Double(extents.reduce(0, +))
      }
      #expect(factors.allSatisfy { abs($0 - (factors.first ?? 0)) <= 1e-12 * $0 }, "\(distribution), \(sparsity)")
    }
  }

  @Test func valuesByHand() {
    // Two matrices, 2 x 2 and 10 x 10: shares 1 and 0.2, weighted 4 and 20. At density 0.12 the whole is 12.48 weights,
    // the factor 12.48 / 24 = 0.52.
    let small = SparsityDistribution.erdosRenyi.densities(sparsity: 0.88, shapes: [[2, 2], [10, 10]])
    #expect(zip(small, [0.52, 0.104]).allSatisfy { abs($0 - $1) < 1e-12 })
    // At density 0.5 the first would be 52 / 24: it is dense, and 48 of 100 are left for the second.
    let large = SparsityDistribution.erdosRenyiKernel.densities(sparsity: 0.5, shapes: [[2, 2], [10, 10]])
    #expect(large[0] == 1)
    #expect(abs(large[1] - 0.48) < 1e-12)
    // The kernel counts: 1x1 and 3x3 with the same channels, (4 + 4 + 2) / 16 and (4 + 4 + 6) / 144.
    let kernels = SparsityDistribution.erdosRenyiKernel.densities(
      sparsity: 0.9, shapes: [[4, 4, 1, 1], [4, 4, 3, 3]])
    #expect(abs(kernels[0] - 0.625 * 16 / 24) < 1e-12)
    #expect(abs(kernels[1] - 14.0 / 144 * 16 / 24) < 1e-12)
    #expect(SparsityDistribution.erdosRenyi.densities(sparsity: 1, shapes: [[2, 2]]) == [0])
    #expect(SparsityDistribution.erdosRenyiKernel.densities(sparsity: 0, shapes: [[2, 2], [9, 9]]) == [1, 1])
    #expect(SparsityDistribution.erdosRenyiKernel.densities(sparsity: 0.5, shapes: []) == [])
  }

  @Test func globalRanksAllLayersTogether() {
    var generator = SeededGenerator(seed: 8)
    let shapes: [Shape] = [[2, 3], [4, 5], [1, 1], [3, 0]]
    let scores = shapes.map { awkwardScores($0.elementCount, using: &generator) }
    let all = scores.flatMap { $0 }
    for sparsity in [0, 0.2, 0.5, 0.9, 1] {
      let counts = SparsityDistribution.global.keptCounts(sparsity: sparsity, shapes: shapes, scores: scores)
      let kept = Naive.highest(Int((Double(27) * (1 - sparsity)).rounded()), of: all)
      #expect(counts == [kept.count { $0 < 6 }, kept.count { (6..<26).contains($0) }, kept.count { $0 == 26 }, 0])
      // Layer by layer the same entries are kept as by one sorting of all.
      var masks: [Int] = []
      var start = 0
      for (scores, count) in zip(scores, counts) {
        masks += Naive.highest(count, of: scores).map { $0 + start }
        start += scores.count
      }
      #expect(masks == kept)
    }
  }
}
