import SparseTraining
import Testing

@Suite struct EpochOrderTests {
  @Test(arguments: [0, 1, 2, 3, 10, 1_000]) func everyEpochTakesEveryImageOnce(count: Int) {
    let order = EpochOrder(count: count, seed: 7)
    for epoch in 0..<5 { #expect(order.indices(epoch: epoch).sorted() == Array(0..<count)) }
  }

  @Test func withoutASeedTheOrderIsTheDataSets() {
    #expect(EpochOrder(count: 9, seed: nil).indices(epoch: 3) == Array(0..<9))
  }

  @Test func seedAndEpochChooseTheOrder() {
    let order = EpochOrder(count: 50, seed: 7)
    #expect(order.indices(epoch: 2) == EpochOrder(count: 50, seed: 7).indices(epoch: 2))
    let orders =
      (0..<20).map { order.indices(epoch: $0) } + (8..<28).map { EpochOrder(count: 50, seed: $0).indices(epoch: 0) }
    #expect(Set(orders).count == 40)
    var reused = [9, 9, 9]
    order.write(epoch: 2, into: &reused)
    #expect(reused == order.indices(epoch: 2))
  }

  /// A run that is resumed by a later version must have the same order.
  @Test func theOrderIsThatOfEveryVersion() {
    #expect(EpochOrder(count: 10, seed: 1).indices(epoch: 0) == [7, 9, 5, 4, 6, 2, 0, 1, 3, 8])
    #expect(EpochOrder(count: 10, seed: 1).indices(epoch: 1) == [5, 6, 2, 8, 3, 7, 1, 9, 0, 4])
  }

  @Test func everyPermutationComesUpAsOften() {
    var counts: [[Int]: Int] = [:]
    let order = EpochOrder(count: 4, seed: 11)
    for epoch in 0..<24_000 { counts[order.indices(epoch: epoch), default: 0] += 1 }
    #expect(counts.count == 24)
    // 1000 each, with a standard deviation of 31: six of them are passed once in 10^7 runs, and this run is always the same.
    #expect(counts.values.allSatisfy { abs($0 - 1_000) < 6 * 31 })
  }
}
