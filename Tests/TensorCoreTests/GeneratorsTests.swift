import TensorCore
import Testing

struct GeneratorsTests {
  @Test func sameSeedSameTensorsAndMatrices() throws {
    var first = SeededGenerator(seed: 9)
    var second = SeededGenerator(seed: 9)
    #expect(Tensor.random([3, 5], using: &first) == Tensor.random([3, 5], using: &second))
    #expect(
      Tensor.randomIntegers([40], magnitude: 4, using: &first)
        == Tensor.randomIntegers([40], magnitude: 4, using: &second))
    #expect(
      try CSRMatrix.random(rows: 9, columns: 11, sparsity: 0.4, using: &first)
        == CSRMatrix.random(rows: 9, columns: 11, sparsity: 0.4, using: &second))
    #expect(Tensor.random([20], using: &first) != Tensor.random([20], using: &first))
  }

  @Test func randomElementsStayInTheirRange() {
    var generator = SeededGenerator(seed: 1)
    let tensor = Tensor.random([5000], in: 2..<3, using: &generator)
    #expect(tensor.values.allSatisfy { (2..<3).contains($0) })
    #expect(Tensor.random([0], using: &generator).values.isEmpty)
    let mean = tensor.values.reduce(0) { $0 + Double($1) } / 5000
    // The mean of 5000 numbers spread evenly over a range of 1 has a standard deviation of sqrt(1/12/5000) = 0.0041; the
    // bound is five of them.
    #expect(abs(mean - 2.5) < 0.0205)
  }

  @Test func randomIntegersReachBothEndsAndNothingElse() {
    var generator = SeededGenerator(seed: 2)
    let values = Tensor.randomIntegers([1000], magnitude: 3, using: &generator).values
    #expect(Set(values) == [-3, -2, -1, 0, 1, 2, 3])
    #expect(Tensor.randomIntegers([10], magnitude: 0, using: &generator) == Tensor(zeros: [10]))
  }

  @Test func randomPatternsHaveExactlyTheStatedCount() throws {
    var generator = SeededGenerator(seed: 3)
    for rows in [0, 1, 2, 7, 16] {
      for columns in [0, 1, 3, 17] {
        for sparsity in [0, 0.1, 0.25, 0.5, 0.9, 0.99, 1] {
          let pattern = try SparsityPattern.random(rows: rows, columns: columns, sparsity: sparsity, using: &generator)
          try pattern.checkInvariants()
          let wanted = Int((Double(rows * columns) * (1 - sparsity)).rounded())
          #expect(pattern.nnz == wanted, "\(rows) x \(columns) at \(sparsity)")
          #expect(pattern.rows == rows && pattern.columns == columns)
        }
      }
    }
  }

  @Test func sparsityZeroStoresEverythingAndSparsityOneNothing() throws {
    var generator = SeededGenerator(seed: 4)
    let full = try CSRMatrix.random(rows: 5, columns: 6, sparsity: 0, using: &generator)
    #expect(full.pattern.mask().allSatisfy { $0 })
    #expect(full.density == 1 && full.sparsity == 0)
    let empty = try CSRMatrix.random(rows: 5, columns: 6, sparsity: 1, using: &generator)
    #expect(empty.nnz == 0 && empty.values.isEmpty)
    #expect(empty.rowOffsets == [0, 0, 0, 0, 0, 0])
    #expect(empty.density == 0 && empty.sparsity == 1)
  }

  @Test func everyPositionIsEquallyLikely() throws {
    var generator = SeededGenerator(seed: 5)
    var counts = [Int](repeating: 0, count: 20)
    for _ in 0..<4000 {
      let pattern = try SparsityPattern.random(rows: 4, columns: 5, sparsity: 0.75, using: &generator)
      for (position, kept) in pattern.mask().enumerated() where kept { counts[position] += 1 }
    }
    // Each count is binomial with 4000 draws of probability 1/4: mean 1000, standard deviation sqrt(750) = 27.4; the
    // bound is five of them.
    #expect(counts.allSatisfy { abs($0 - 1000) < 137 }, "\(counts)")
  }

  @Test func randomMatrixHasValuesOfItsRange() throws {
    var generator = SeededGenerator(seed: 6)
    let matrix = try CSRMatrix.random(rows: 30, columns: 40, sparsity: 0.5, in: 5..<6, using: &generator)
    try matrix.checkInvariants()
    #expect(matrix.values.count == 600)
    #expect(matrix.values.allSatisfy { (5..<6).contains($0) })
  }

  @Test func extentsBeyondInt32AreRefusedBeforeAnythingIsAllocated() {
    var generator = SeededGenerator(seed: 7)
    let limit = Int(Int32.max)
    #expect(throws: SparseMatrixError.negativeExtent("rows", count: -1)) {
      try SparsityPattern.random(rows: -1, columns: 2, sparsity: 0, using: &generator)
    }
    #expect(throws: SparseMatrixError.tooLarge("columns", count: limit)) {
      try SparsityPattern.random(rows: 1, columns: limit, sparsity: 1, using: &generator)
    }
    #expect(throws: SparseMatrixError.tooLarge("nnz", count: 1 << 32)) {
      try CSRMatrix.random(rows: 1 << 16, columns: 1 << 16, sparsity: 0, using: &generator)
    }
  }

  @Test func pruningKeepsTheLargestMagnitudes() {
    let tensor = Tensor([0.5, -3, 0.25, 2, -1, 0.75], shape: [2, 3])
    let pruned = tensor.magnitudePruned(sparsity: 0.5)
    #expect(pruned == Tensor([0, -3, 0, 2, -1, 0], shape: [2, 3]))
    #expect(tensor.values == [0.5, -3, 0.25, 2, -1, 0.75])
  }

  @Test func pruningNothingAndEverything() {
    let tensor = Tensor([1, -2, 3], shape: [3])
    #expect(tensor.magnitudePruned(sparsity: 0) == tensor)
    #expect(tensor.magnitudePruned(sparsity: 1) == Tensor(zeros: [3]))
    #expect(Tensor(zeros: [0]).magnitudePruned(sparsity: 0.5).count == 0)
  }

  @Test func ofEqualMagnitudesTheFirstArePruned() {
    #expect(Tensor([1, -1, 1, -1], shape: [4]).magnitudePruned(sparsity: 0.5).values == [0, 0, 1, -1])
  }

  @Test func pruningCountsElementsThatAreAlreadyZero() {
    #expect(Tensor([0, 4, -0.0, 1], shape: [4]).magnitudePruned(sparsity: 0.5).values == [0, 4, 0, 1])
  }

  @Test func pruningRandomTensorsLeavesTheStatedCountAndNoLargerZero() {
    var generator = SeededGenerator(seed: 8)
    for count in [1, 2, 63, 500] {
      for sparsity in [0.1, 0.5, 0.93] {
        // Random values of 24 bits are hardly ever zero; those that are would be counted in both directions alike.
        let tensor = Tensor.random([count], using: &generator)
        let pruned = tensor.magnitudePruned(sparsity: sparsity)
        let kept = zip(tensor.values, pruned.values).filter { $1 != 0 }
        let dropped = zip(tensor.values, pruned.values).filter { $1 == 0 }.map { abs($0.0) }
        #expect(dropped.count == Int((Double(count) * sparsity).rounded()))
        #expect(kept.allSatisfy { $0 == $1 })
        #expect((dropped.max() ?? 0) <= (kept.map { abs($0.0) }.min() ?? .infinity))
      }
    }
  }

  @Test func pruningKeepsNotANumberSoThatItCanBeFound() {
    var generator = SeededGenerator(seed: 9)
    var tensor = Tensor.random([200], using: &generator)
    let broken = [0, 7, 50, 51, 120, 199]
    for index in broken { tensor[index] = index % 2 == 0 ? .nan : -.nan }
    tensor[100] = -.infinity
    let pruned = tensor.magnitudePruned(sparsity: 0.9)
    #expect(broken.allSatisfy { pruned[$0].isNaN })
    #expect(pruned[100] == -.infinity)
    #expect(pruned.values.count { $0 == 0 } == 180)
    // The 13 others that are left are the largest of the finite ones.
    let finite = tensor.values.filter(\.isFinite).map { abs($0) }.sorted().suffix(13)
    #expect(pruned.values.filter { $0.isFinite && $0 != 0 }.map { abs($0) }.sorted() == Array(finite))
  }

  @Test func sparsityOutsideZeroToOneTraps() async {
    await #expect(processExitsWith: .failure) { _ = Tensor(zeros: [4]).magnitudePruned(sparsity: 1.5) }
    await #expect(processExitsWith: .failure) { _ = Tensor(zeros: [4]).magnitudePruned(sparsity: .nan) }
    await #expect(processExitsWith: .failure) {
      var generator = SeededGenerator(seed: 1)
      _ = try? CSRMatrix.random(rows: 2, columns: 2, sparsity: -0.5, using: &generator)
    }
  }
}
