import Pruning
import TensorCore
import Testing

struct DynamicSparsityTests {
  private func change(
    _ method: DynamicSparsity, _ weights: CSRMatrix, name: String = "layer", step: Int, _ gradient: [Float] = []
  ) -> PatternChange {
    gradient.withUnsafeBufferPointer {
      method.change(of: weights, name: name, step: step, denseGradient: gradient.isEmpty ? nil : $0)
    }
  }

  @Test func rigLDropsTheSmallestAndGrowsTheSteepest() throws {
    var generator = SeededGenerator(seed: 12)
    for (rows, columns) in [(1, 1), (2, 3), (6, 18), (16, 27)] {
      for density in [0, 0.1, 0.5, 1] as [Float] {
        for fraction in [0, 0.3, 1] {
          let weights = try matrix(rows, columns, density: density, using: &generator)
          let gradient = awkwardScores(rows * columns, using: &generator)
          let method = DynamicSparsity(
            growth: .gradient, initialFraction: fraction, interval: 1, end: 10, decays: false)
          let change = change(method, weights, step: 1, gradient)
          expectSound(change, of: weights)
          let positions = Naive.positions(weights.pattern)
          let dropped = Int(fraction * Double(weights.nnz))
          let kept = Naive.highest(weights.nnz - dropped, of: weights.values.map(\.magnitude)).map { positions[$0] }
          let free = (0..<rows * columns).filter { !kept.contains($0) }
          let grown = Naive.highest(dropped, of: free.map { gradient[$0].magnitude }).map { free[$0] }
          #expect(Naive.positions(change.pattern) == (kept + grown).sorted())
          #expect(change.pattern.nnz == weights.nnz)
        }
      }
    }
  }

  @Test func setGrowsAsManyAnywhereAndIsRepeatable() throws {
    var generator = SeededGenerator(seed: 13)
    for density in [0, 0.1, 0.5, 1] as [Float] {
      let weights = try matrix(16, 27, density: density, using: &generator)
      let method = DynamicSparsity.set(seed: 5, interval: 10, end: 100)
      let change = change(method, weights, step: 10)
      expectSound(change, of: weights)
      #expect(change.pattern.nnz == weights.nnz)
      let kept = Naive.highest(weights.nnz - Int(0.3 * Double(weights.nnz)), of: weights.values.map(\.magnitude))
      #expect(Set(kept).isSubset(of: Set(change.sources.map(Int.init))))
      #expect(change == self.change(method, weights, step: 10))
      if density == 0.5 {
        #expect(change != self.change(method, weights, step: 20))
        #expect(change != self.change(method, weights, name: "other", step: 10))
        #expect(change != self.change(.set(seed: 6, interval: 10, end: 100), weights, step: 10))
      }
    }
  }

  @Test func setGrowsEveryFreePositionEquallyOften() throws {
    // One of two weights is dropped at each step, and nine of ten positions are free: the dropped one too.
    let weights = try CSRMatrix(Tensor([0, 0, 5, 0, 0, 0, 0, 1, 0, 0] as [Float], shape: [2, 5]))
    let method = DynamicSparsity.set(fraction: 0.5, seed: 3, interval: 1, end: .max)
    var counts = [Int](repeating: 0, count: 10)
    for step in 1...9000 {
      for position in Naive.positions(change(method, weights, step: step).pattern) { counts[position] += 1 }
    }
    #expect(counts[2] == 9000)
    let chiSquare = counts.enumerated().reduce(0.0) { sum, item in
      item.offset == 2 ? sum : sum + Double((item.element - 1000) * (item.element - 1000)) / 1000
    }
    // With eight degrees of freedom chi-square has mean 8 and standard deviation 4; five of them above.
    #expect(chiSquare < 28, "\(counts)")
  }

  @Test func whatIsDroppedAndGrowsAgainKeepsItsValue() throws {
    let weights = try CSRMatrix(Tensor([0.1, 0, 3, 0] as [Float], shape: [1, 4]))
    let method = DynamicSparsity(growth: .gradient, initialFraction: 0.5, interval: 1, end: 9, decays: false)
    #expect(change(method, weights, step: 1, [9, 1, 99, 2]) == PatternChange(unchanged: weights.pattern))
    #expect(change(method, weights, step: 1, [1, 0, 99, 2]).sources == [1, -1])
    // A dense layer has no other place to go.
    let dense = try CSRMatrix(Tensor([1, 2, 3] as [Float], shape: [3, 1]))
    #expect(change(method, dense, step: 1, [1, 1, 1]) == PatternChange(unchanged: dense.pattern))
  }

  @Test func steps() {
    let method = DynamicSparsity.rigL(fraction: 0.4, interval: 10, end: 40)
    #expect((0...50).filter(method.changesPattern) == [10, 20, 30])
    let fractions = [0, 20, 40, 50].map(method.dropFraction)
    #expect(zip(fractions, [0.4, 0.2, 0, 0]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(DynamicSparsity.set(seed: 1, interval: 5, end: 12).dropFraction(at: 10) == 0.3)
    #expect(!(0...100).contains(where: DynamicSparsity.fixed.changesPattern))
  }

  @Test func theControlKeepsThePattern() throws {
    var generator = SeededGenerator(seed: 14)
    let weights = try matrix(4, 4, density: 0.5, using: &generator)
    let unchanged = change(.fixed, weights, step: 10)
    #expect(unchanged.pattern == weights.pattern)
    #expect(unchanged.sources.elementsEqual(0..<Int32(weights.nnz)))
  }

  @Test func aMissingGradientStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let weights = try CSRMatrix(Tensor([1, 2, 3, 0] as [Float], shape: [2, 2]))
      _ = DynamicSparsity.rigL(fraction: 1, interval: 1, end: 9).change(of: weights, name: "layer", step: 1)
    }
  }
}
