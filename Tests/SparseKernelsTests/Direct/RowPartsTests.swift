import Testing

@testable import SparseKernels

@Suite struct RowPartsTests {
  @Test func partsAreAllBlocksOnce() {
    for blockCount in 1...40 {
      for count in 1...blockCount {
        let parts = (0..<count).map { RowParts.blocks($0, of: count, blockCount: blockCount) }
        #expect(parts.flatMap(\.self) == Array(0..<blockCount) && parts.allSatisfy { !$0.isEmpty })
      }
    }
  }

  /// Parts come out even on the threads or are many, unless there are too few rows; and no more are made than that takes.
  @Test func thereAreNoMorePartsThanNeeded() {
    func isEnough(_ parts: Int, _ threadCount: Int) -> Bool {
      parts.isMultiple(of: threadCount) || parts >= 4 * threadCount
    }
    for others in 1...30 {
      for threadCount in 1...9 {
        for most in [1, 2, 5, 32] {
          let count = RowParts.count(others: others, threadCount: threadCount, most: most)
          #expect((1...most).contains(count))
          #expect(count == most || isEnough(others * count, threadCount))
          #expect((1..<count).allSatisfy { !isEnough(others * $0, threadCount) })
        }
      }
    }
  }
}
