import Foundation
import Pruning
import Testing

struct SparsityScheduleTests {
  @Test func oneShot() {
    let schedule = SparsitySchedule.oneShot(final: 0.9, step: 5)
    #expect((0...7).filter(schedule.prunes) == [5])
    #expect((4...6).map(schedule.sparsity) == [0, 0.9, 0.9])
  }

  @Test func linearAndCubicReachTheirEndExactly() {
    let linear = SparsitySchedule.linear(initial: 0.25, final: 0.75, begin: 10, end: 20, interval: 5)
    #expect((0...30).filter(linear.prunes) == [10, 15, 20])
    #expect([9, 10, 14, 15, 19, 20, 99].map(linear.sparsity) == [0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75])
    // 1 - (1 - t)^3 at 0, 1/4, 1/2, 3/4, 1: exact in binary.
    let cubic = SparsitySchedule.cubic(initial: 0, final: 1, begin: 100, end: 200, interval: 25)
    let wanted: [Double] = [0, 0, 0.578125, 0.578125, 0.875, 0.984375, 1]
    #expect([99, 100, 125, 149, 150, 175, 200].map(cubic.sparsity) == wanted)
    #expect(cubic.sparsity(step: 1_000_000) == 1)
  }

  @Test func anEndThatIsNoMultipleIsReachedAllTheSame() {
    let schedule = SparsitySchedule.cubic(initial: 0, final: 0.9, begin: 0, end: 10, interval: 4)
    #expect((0...20).filter(schedule.prunes) == [0, 4, 8, 10])
    #expect(schedule.sparsity(step: 10) == 0.9)
    #expect(schedule.sparsity(step: 9) == schedule.sparsity(step: 8))
    let atOnce = SparsitySchedule.linear(initial: 0, final: 0.5, begin: 3, end: 3, interval: 1)
    #expect((0...9).filter(atOnce.prunes) == [3])
    #expect([2, 3].map(atOnce.sparsity) == [0, 0.5])
  }

  @Test func sparsityNeverFallsAndChangesOnlyWhenPruning() {
    for schedule: SparsitySchedule in [
      .oneShot(final: 0.9, step: 7), .linear(initial: 0.1, final: 0.9, begin: 3, end: 31, interval: 5),
      .cubic(initial: 0.1, final: 0.95, begin: 3, end: 31, interval: 5),
    ] {
      for step in 1...40 {
        let change = schedule.sparsity(step: step) - schedule.sparsity(step: step - 1)
        #expect(change >= 0)
        if change > 0 { #expect(schedule.prunes(at: step)) }
      }
    }
  }

  @Test func methodsAreStored() throws {
    for method: PruningMethod in [
      .magnitude(sparsity: 0.9), .gradualMagnitude(sparsity: 0.9, begin: 0, end: 9, interval: 3), .snip(sparsity: 0.5),
      .movement(sparsity: 0.8, begin: 0, end: 9, interval: 3), .random(sparsity: 0.9, seed: 1),
      PruningMethod(
        score: .magnitude, mask: .nOfM(n: 2, m: 4, spacing: 9), distribution: .uniform,
        schedule: .oneShot(final: 0.5, step: 0)),
    ] {
      #expect(try JSONDecoder().decode(PruningMethod.self, from: JSONEncoder().encode(method)) == method)
    }
    let dynamic = DynamicSparsity.rigL(end: 1000)
    #expect(try JSONDecoder().decode(DynamicSparsity.self, from: JSONEncoder().encode(dynamic)) == dynamic)
  }
}
