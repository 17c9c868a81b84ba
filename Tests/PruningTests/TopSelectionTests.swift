import TensorCore
import Testing

@testable import Pruning

struct TopSelectionTests {
  @Test func keysAreOrderedAsScores() {
    let ascending: [Float] = [
      -.infinity, -3e38, -1, -.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude, 1e-30, 1, 1 + .ulpOfOne, 3e38,
      .infinity,
      .nan,
    ]
    let keys = ascending.map(TopSelection.key)
    #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
    #expect(TopSelection.key(-0.0) == TopSelection.key(0))
    #expect(TopSelection.key(-.nan) == TopSelection.key(.nan))
  }

  @Test func takesWhatSortingTakes() {
    var generator = SeededGenerator(seed: 3)
    for count in [0, 1, 2, 3, 10, 50, 300] {
      for _ in 0..<10 {
        let scores = awkwardScores(count, using: &generator)
        for kept in Set([0, 1, 2, count / 2, count - 1, count]) where (0...count).contains(kept) {
          var selection = TopSelection(
            highest: kept, of: [Array(scores.prefix(count / 3)), Array(scores.dropFirst(count / 3))])
          let taken = scores.indices.filter { selection.takes(TopSelection.key(scores[$0])) }
          #expect(taken == Naive.highest(kept, of: scores), "\(kept) of \(scores)")
        }
      }
    }
  }

  @Test func scoresThatDifferInTheirLastBitsOnly() {
    let scores = (0..<5000).map { Float(bitPattern: 0x3F80_0000 + UInt32($0 * 7919 % 5000)) }
    for kept in [1, 1023, 1024, 2500, 4999] {
      var selection = TopSelection(highest: kept, of: [scores])
      #expect(
        scores.indices.filter { selection.takes(TopSelection.key(scores[$0])) } == Naive.highest(kept, of: scores))
    }
  }
}
