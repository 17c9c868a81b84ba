import Pruning
import TensorCore
import Testing

struct PatternChangeTests {
  @Test func theUnchangedPatternKeepsEverything() throws {
    var generator = SeededGenerator(seed: 1)
    for (rows, columns) in [(0, 0), (0, 3), (3, 0), (1, 1), (4, 7)] {
      let old = try matrix(rows, columns, density: 0.5, using: &generator)
      let change = PatternChange(unchanged: old.pattern)
      expectSound(change, of: old)
      #expect(change.pattern == old.pattern)
      #expect(change.applied(to: old) == old)
      #expect(change.grownCount == 0)
    }
  }

  @Test func whatBelongsToPositionsMovesAlong() throws {
    let old = try CSRMatrix(Tensor([1, 0, 2, 3] as [Float], shape: [2, 2]))
    let change = DynamicSparsity(growth: .random(seed: 1), initialFraction: 0.4, interval: 1, end: 9, decays: false)
      .change(of: old, name: "layer", step: 1)
    // The smallest, 1, is dropped; two positions are free, its own among them.
    #expect(change.sources == [0, 1, 2] || change.sources == [-1, 1, 2])
    #expect(change.moved([10, 20, 30]) == change.sources.map { $0 < 0 ? 0 : Float($0 + 1) * 10 })
    #expect(change.grownCount == (change.sources[0] < 0 ? 1 : 0))
  }

  @Test func lengthsAreChecked() async {
    await #expect(processExitsWith: .failure) {
      let pattern = try SparsityPattern(mask: [true, false], rows: 1, columns: 2)
      _ = PatternChange(unchanged: pattern).moved([1, 2])
    }
    await #expect(processExitsWith: .failure) {
      let pattern = try SparsityPattern(mask: [true, false], rows: 1, columns: 2)
      _ = PatternChange(unchanged: pattern).applied(to: try CSRMatrix(Tensor([1, 0] as [Float], shape: [2, 1])))
    }
  }
}
