import BenchmarkShapes
import CMicroKernels
import TensorCore
import Testing

@testable import SparseKernels

/// What every plan must keep, whatever it costs.
@Suite struct LanePlanTests {
  /// Problems of every kind, and layers of networks at three batches.
  private static let problems: [ConvProblem] = {
    let lists = [ShapeSuite.conformance, .resnet50, .varied, .mobilenetV1]
    let problems = lists.flatMap { (try? $0.problems()) ?? [] }
    return problems + problems.suffix(from: problems.count - 40).compactMap { try? $0.withBatch(16) }
  }()

  /// Plans of both directions and of the weight gradient.
  private func plans(_ problem: ConvProblem, sparsity: Double) throws -> [(plan: LanePlan, mostVectors: Int)] {
    var generator = SeededGenerator(seed: 61)
    let weights = try SparsityPattern.random(
      rows: problem.outputChannels, columns: problem.weightsPerOutputChannel, sparsity: sparsity, using: &generator)
    let transposed = TransposedWeights(weights, problem: problem).pattern
    let forward = ShiftedConv.forward(problem)
    // Those that share a layout have this processor's width.
    var shared: [(plan: LanePlan, mostVectors: Int)] = []
    let backward = ShiftedConv.inputGradient(problem)
    if problem.stride == Size2D(1), let plans = LanePlan.sharing(backward, pattern: transposed, rowBlockCount: 4) {
      try #require(plans.sums.layout == plans.products.layout, "\(problem)")
      try #require(plans.sums.channelStride == plans.products.channelStride, "\(problem)")
      shared = [(plans.sums, SNN_SPMM_VECTORS), (plans.products, SNN_SDDMM_VECTORS)]
    }
    // Of any width, whether or not this processor has it.
    return shared
      + [Int(SNN_LANES), Int(SNN_WIDE_LANES)].flatMap { lanes in
        [
          (LanePlan(forward, pattern: weights, laneCounts: [lanes]), SNN_SPMM_VECTORS),
          (LanePlan(forward, pattern: weights, for: .products, laneCounts: [lanes]), SNN_SDDMM_VECTORS),
          (LanePlan(backward, pattern: transposed, laneCounts: [lanes]), SNN_SPMM_VECTORS),
        ]
      }
  }

  @Test(arguments: [0.5, 0.95])
  func plansKeepTheirBounds(sparsity: Double) throws {
    #expect(Self.problems.count > 200)
    for problem in Self.problems {
      for (plan, mostVectors) in try plans(problem, sparsity: sparsity) {
        let conv = plan.layout.conv
        try #require((1...conv.sourceChannels).contains(plan.channelsPerBlock), "\(problem)")
        try #require(plan.channelStride >= plan.layout.channelVectors * plan.layout.lanes, "\(problem)")
        // What offsets of entries can say.
        let reach = conv.sourceChannels * plan.channelStride
        try #require(reach <= plan.layoutElementCount && reach <= Int(UInt32.max), "\(problem)")
        let rows = plan.rowBlocks.flatMap(\.self)
        try #require(rows == Array(0..<conv.weightRows), "\(problem)")
        // All phases of a channel are stored together.
        let phases = conv.destinationPhaseCount
        try #require(plan.rowBlocks.allSatisfy { $0.lowerBound.isMultiple(of: phases) }, "\(problem)")
        for tile in plan.tiles + plan.lastTiles {
          let vectors = Int(tile.rows * tile.columns)
          try #require(tile.rows <= TileCut.mostRows && vectors <= mostVectors, "\(problem)")
          for run in runs(of: plan, threadCount: 2) {
            let sums = plan.rows(of: run).count * vectors * plan.layout.lanes
            try #require(sums <= plan.sumElementCount, "\(problem)")
            // Even the largest tile leaves room for a hundred channels.
            try #require(sums * 4 <= 56 << 10, "\(problem): \(sums * 4) bytes of sums")
          }
        }
      }
    }
  }

  /// The tiles of a chunk are its sheets, whole.
  @Test func tilesAreAllOfAChunk() throws {
    for problem in Self.problems {
      for (plan, _) in try plans(problem, sparsity: 0.9) {
        for chunk in 0..<plan.layout.chunkCount {
          let size = plan.layout.sheetSize(groups: plan.layout.groups(ofChunk: chunk))
          let vectors = plan.tiles(ofChunk: chunk).reduce(0) { $0 + Int($1.rows * $1.columns) }
          try #require(vectors == size.count * size.rows * size.columns, "\(problem), chunk \(chunk)")
        }
      }
    }
  }

  /// Bands are the tiles of a chunk in their order, each a rectangle, and their sums fit.
  @Test func bandsAreAllTilesOfAChunk() throws {
    for problem in Self.problems {
      for (plan, _) in try plans(problem, sparsity: 0.9) {
        let mostRows = runs(of: plan, threadCount: 1).map { plan.rows(of: $0).count }.max() ?? 0
        for chunk in Set([0, plan.layout.chunkCount - 1]) {
          let tiles = plan.tiles(ofChunk: chunk)
          let bands = plan.bands(ofChunk: chunk)
          try #require(bands.flatMap(\.tiles) == Array(tiles.indices), "\(problem)")
          for band in bands {
            try #require(mostRows * band.sumStride(lanes: plan.layout.lanes) <= plan.sumElementCount, "\(problem)")
            let bytes = mostRows * band.vectorCount * plan.layout.lanes * MemoryLayout<Float>.stride
            try #require(band.tiles.count == 1 || bytes <= LanePlan.mostBandBytes, "\(problem): \(bytes) bytes of sums")
          }
        }
      }
    }
  }

  @Test func everyPartHasRowsWhateverTheNumberOfThreads() throws {
    for problem in Self.problems {
      for (plan, _) in try plans(problem, sparsity: 0.9) {
        for threadCount in [1, 2, 3, 5, 64] {
          let parts = plan.rowParts(threadCount: threadCount)
          try #require((1...plan.rowBlocks.count).contains(parts), "\(problem), \(threadCount) threads")
          let runs = runs(of: plan, threadCount: threadCount)
          try #require(runs.flatMap(\.self) == Array(plan.rowBlocks.indices), "\(problem), \(threadCount) threads")
          try #require(plan.partCount(threadCount: threadCount) == plan.layout.chunkCount * parts, "\(problem)")
        }
      }
    }
  }

  /// The row blocks whose sums are held together, of all parts.
  private func runs(of plan: LanePlan, threadCount: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    let parts = plan.rowParts(threadCount: threadCount)
    for part in 0..<parts {
      plan.forEachRun(of: RowParts.blocks(part, of: parts, blockCount: plan.rowBlocks.count)) { runs.append($0) }
    }
    return runs
  }

  /// The list that kernels are held against has problems whose sums alone would fill a first-level cache twice.
  @Test func theConformanceListHasManySums() throws {
    let cut = try ShapeSuite.conformance.problems().filter { problem in
      try plans(problem, sparsity: 0.5).contains { plan, _ in
        let vectors = (plan.tiles + plan.lastTiles).reduce(0) { max($0, Int($1.rows * $1.columns)) }
        return plan.layout.conv.weightRows * vectors * plan.layout.lanes * 4 > 64 << 10
          && runs(of: plan, threadCount: 1).count > 1
      }
    }
    #expect(cut.count >= 2)
  }
}
