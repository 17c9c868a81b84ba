import Pruning
import TensorCore
import Testing

struct PruningMaskTests {
  @Test func unstructuredKeepsExactlyTheHighest() throws {
    var generator = SeededGenerator(seed: 5)
    for (rows, columns) in [(0, 3), (1, 1), (3, 5), (8, 27), (40, 9)] {
      for density in [0, 0.3, 1] as [Float] {
        let old = try matrix(rows, columns, density: density, using: &generator)
        let scores = awkwardScores(old.nnz, using: &generator)
        for count in [0, 1, old.nnz / 3, old.nnz - 1, old.nnz, old.nnz + 5] where count >= 0 {
          let change = PruningMask.unstructured.change(of: old.pattern, scores: scores, keeping: count)
          expectSound(change, of: old)
          #expect(change.pattern.nnz == min(count, old.nnz))
          #expect(change.sources.map(Int.init) == Naive.highest(min(count, old.nnz), of: scores))
        }
      }
    }
  }

  @Test func ofEqualScoresTheFirstArePruned() throws {
    let pattern = try SparsityPattern(mask: [Bool](repeating: true, count: 6), rows: 2, columns: 3)
    let change = PruningMask.unstructured.change(of: pattern, scores: [1, 2, 1, 1, 0, 1], keeping: 3)
    #expect(change.sources == [1, 3, 5])
  }

  @Test func magnitudePruningIsThatOfTensorCore() throws {
    var generator = SeededGenerator(seed: 6)
    let weights = Tensor.randomIntegers([6, 4, 3, 3], magnitude: 5, using: &generator)
    let dense = try CSRMatrix(
      pattern: SparsityPattern(mask: [Bool](repeating: true, count: 216), rows: 6, columns: 36), values: weights.values)
    for sparsity in [0, 0.25, 0.5, 0.9, 1] {
      let layer = PruningMethod.Layer(
        shape: weights.shape, pattern: dense.pattern,
        scores: PruningScore.magnitude.scores(name: "", values: dense.values))
      let change = PruningMethod.magnitude(sparsity: sparsity).changes(of: [layer], at: 0)[0]
      // What is stored may be zero here.
      #expect(change.applied(to: dense).dense(shape: weights.shape) == weights.magnitudePruned(sparsity: sparsity))
    }
  }

  @Test func ofEachMNeighboursNStay() throws {
    var generator = SeededGenerator(seed: 7)
    for (n, m) in [(0, 1), (1, 1), (1, 2), (2, 4), (4, 4), (3, 8)] {
      for spacing in [1, 9] {
        for density in [0.4, 1] as [Float] {
          let old = try matrix(5, 54, density: density, using: &generator)
          let scores = awkwardScores(old.nnz, using: &generator)
          let mask = PruningMask.nOfM(n: n, m: m, spacing: spacing)
          let change = mask.change(of: old.pattern, scores: scores, keeping: 0)
          expectSound(change, of: old)
          var wanted: [Int] = []
          for row in 0..<5 {
            // Column = input channel * spacing + place in the kernel, grouped over the channels.
            for place in 0..<spacing {
              for firstChannel in stride(from: 0, to: 54 / spacing, by: m) {
                let group = old.pattern.entries(ofRow: row).filter { entry in
                  let column = Int(old.columnIndices[entry])
                  return column % spacing == place && (firstChannel..<firstChannel + m).contains(column / spacing)
                }
                wanted += Naive.highest(min(n, group.count), of: group.map { scores[$0] }).map { group[$0] }
              }
            }
          }
          #expect(change.sources.map(Int.init) == wanted.sorted(), "\(n):\(m), spacing \(spacing)")
        }
      }
    }
  }

  @Test func wholeChannelsStayBySumOfScores() throws {
    // Sums 3, -, 4, 4: the empty row goes first, of the equal sums the first.
    let old = try CSRMatrix(
      Tensor([1, 2, 0, 0, 0, 0, 4, 0, 0, 0, 2, 2] as [Float], shape: [4, 3]))
    func kept(_ count: Int, _ scores: [Float]) -> [Int] {
      let change = PruningMask.outputChannels.change(of: old.pattern, scores: scores, keeping: count)
      expectSound(change, of: old)
      return change.pattern.rowCounts
    }
    #expect(kept(0, old.values) == [0, 0, 0, 0])
    #expect(kept(3, old.values) == [0, 0, 0, 2])
    #expect(kept(6, old.values) == [0, 0, 1, 2])
    #expect(kept(9, old.values) == [2, 0, 1, 2])
    #expect(kept(12, old.values) == [2, 0, 1, 2])
    #expect(kept(99, old.values) == [2, 0, 1, 2])
    // 4 and 5 weights are nearest to one row and to two.
    #expect(kept(4, old.values) == [0, 0, 0, 2])
    #expect(kept(5, old.values) == [0, 0, 1, 2])
    #expect(kept(3, [.nan, 2, 4, 2, 2]) == [2, 0, 0, 0])
    // Even sums below zero are above an empty row.
    #expect(kept(9, [-1, -2, -4, -2, -2]) == [2, 0, 1, 2])
  }

  @Test func misuseStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let pattern = try SparsityPattern(mask: [true, false], rows: 1, columns: 2)
      _ = PruningMask.unstructured.change(of: pattern, scores: [1, 2], keeping: 1)
    }
    await #expect(processExitsWith: .failure) {
      let pattern = try SparsityPattern(mask: [true, false], rows: 1, columns: 2)
      _ = PruningMask.nOfM(n: 1, m: 2, spacing: 3).change(of: pattern, scores: [1], keeping: 1)
    }
  }
}
