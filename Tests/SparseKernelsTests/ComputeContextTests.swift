import SparseKernels
import Synchronization
import Testing

@Suite struct ComputeContextTests {
  /// Counts how often each part ran, and fails where it is told to.
  private final class Tally: Sendable {
    let runs: [Counter]
    let failing: Set<Int>

    final class Counter: Sendable {
      let count = Atomic(0)
    }

    init(partCount: Int, failing: Set<Int> = []) {
      runs = (0..<partCount).map { _ in Counter() }
      self.failing = failing
    }

    var counts: [Int] { runs.map { $0.count.load(ordering: .relaxed) } }
  }

  private struct TallyJob: ParallelJob {
    let tally: Tally
    let threadCount: Int

    func execute(index: Int, worker: Int) throws {
      if !(0..<threadCount).contains(worker) { throw PartError(part: -1) }
      tally.runs[index].count.add(1, ordering: .relaxed)
      if tally.failing.contains(index) { throw PartError(part: index) }
    }
  }

  private struct PartError: Error, Equatable {
    let part: Int
  }

  @Test(arguments: [1, 2, 3, 7])
  func everyPartRunsOnce(threadCount: Int) throws {
    let context = ComputeContext(threadCount: threadCount)
    for partCount in [0, 1, 2, 3, 17, 1000] {
      for _ in 0..<20 {
        let tally = Tally(partCount: partCount)
        try context.run(TallyJob(tally: tally, threadCount: threadCount), partCount: partCount)
        #expect(tally.counts == Array(repeating: 1, count: partCount))
      }
    }
  }

  @Test(arguments: [1, 2, 3])
  func anErrorReachesTheCallerAndTheContextLivesOn(threadCount: Int) throws {
    let context = ComputeContext(threadCount: threadCount)
    for _ in 0..<20 {
      let tally = Tally(partCount: 50, failing: [31, 12, 40])
      #expect(throws: PartError(part: 12)) {
        try context.run(TallyJob(tally: tally, threadCount: threadCount), partCount: 50)
      }
      let next = Tally(partCount: 9)
      try context.run(TallyJob(tally: next, threadCount: threadCount), partCount: 9)
      #expect(next.counts == Array(repeating: 1, count: 9))
    }
  }

  @Test func contextsComeAndGo() throws {
    for round in 0..<200 {
      let context = ComputeContext(threadCount: 1 + round % 5)
      let tally = Tally(partCount: round % 3)
      try context.run(TallyJob(tally: tally, threadCount: context.threadCount), partCount: round % 3)
      #expect(tally.counts.allSatisfy { $0 == 1 })
    }
  }

  @Test func scratchIsAlignedAndKept() {
    let context = ComputeContext()
    let large = context.scratch(byteCount: 100_000)
    #expect(UInt(bitPattern: large) % 64 == 0)
    #expect(context.scratch(byteCount: 10) == large && context.scratch(byteCount: 0) == large)
    large.initializeMemory(as: UInt8.self, repeating: 1, count: 100_000)
    let larger = context.scratch(byteCount: 10_000_000)
    larger.initializeMemory(as: UInt8.self, repeating: 1, count: 10_000_000)
    #expect(UInt(bitPattern: larger) % 64 == 0)
  }

  @Test func attachmentsAreMadeOnce() {
    final class State {}
    let context = ComputeContext()
    let first = context.attachment(State.self) { State() }
    #expect(context.attachment(State.self) { State() } === first)
  }
}
