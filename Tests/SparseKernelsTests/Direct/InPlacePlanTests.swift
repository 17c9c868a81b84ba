import BenchmarkShapes
import CMicroKernels
import TensorCore
import Testing

@testable import SparseKernels

/// What every plan on planes as they lie must keep, whatever it costs.
@Suite struct InPlacePlanTests {
  @Test(arguments: [0.5, 0.95])
  func plansKeepTheirBounds(sparsity: Double) throws {
    let lists = [ShapeSuite.conformance, .resnet50, .varied, .mobilenetV1]
    let lines = ["mb1ic700ih3oc9kh1", "mb1ic64ih28oc32kh3", "mb1ic2000ih5oc70kh1", "mb1ic3ih33iw17oc8kh5kw2"]
    let problems = try lists.flatMap { try $0.problems() } + lines.map { try ConvProblem(benchdnn: $0) }
    var copyCount = 0
    for problem in problems {
      let conv = ShiftedConv.forward(problem)
      if !conv.readsInPlace { continue }
      var generator = SeededGenerator(seed: 65)
      let pattern = try SparsityPattern.random(
        rows: problem.outputChannels, columns: problem.weightsPerOutputChannel, sparsity: sparsity, using: &generator)
      let plan = InPlacePlan(conv, pattern: pattern)
      try #require((1...conv.sourceChannels).contains(plan.channelsPerBlock), "\(problem)")
      let rows = plan.rowBlocks.flatMap(\.self)
      try #require(rows == Array(0..<problem.outputChannels), "\(problem)")
      // Tiles end with the row, perhaps within a vector.
      let vectors = (plan.rowLength + plan.lanes - 1) / plan.lanes
      var counts = [Int](repeating: 0, count: problem.outputPixels / plan.rowLength * vectors)
      for tile in plan.tiles {
        try #require(tile.rows <= TileCut.mostRows && Int(tile.rows * tile.columns) <= SNN_SPMM_VECTORS, "\(problem)")
        for row in tile.row..<tile.row + tile.rows {
          for column in tile.column..<tile.column + tile.columns { counts[Int(row) * vectors + Int(column)] += 1 }
        }
        if let copied = plan.copiedLength { try #require(Int(tile.columns) * plan.lanes <= copied, "\(problem)") }
      }
      try #require(counts.allSatisfy { $0 == 1 }, "\(problem)")
      if let copied = plan.copiedLength {
        copyCount += 1
        try #require(plan.channelsPerBlock * copied <= SNN_SPMM_WINDOW, "\(problem): more than the copy has room for")
        try #require(plan.tiles.allSatisfy { $0.rows == 1 }, "\(problem)")
      }
    }
    #expect(copyCount > 0)
  }
}
