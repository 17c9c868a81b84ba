import Foundation
import Optimizers
import Testing

struct LearningRateScheduleTests {
  private func rates(_ schedule: LearningRateSchedule, _ steps: [Int]) -> [Double] {
    steps.map { schedule.rate(step: $0) }
  }

  private func expectClose(_ got: [Double], _ want: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(got.count == want.count, sourceLocation: sourceLocation)
    for (got, want) in zip(got, want) {
      // A few roundings in Double.
      #expect(abs(got - want) <= 1e-14 * max(1, abs(want)), "\(got), expected \(want)", sourceLocation: sourceLocation)
    }
  }

  @Test func formulas() {
    expectClose(rates(.constant(0.1), [0, 5, 1_000_000]), [0.1, 0.1, 0.1])
    expectClose(
      rates(.step(initial: 0.8, factor: 0.5, interval: 10), [0, 9, 10, 19, 20, 35]), [0.8, 0.8, 0.4, 0.4, 0.2, 0.1])
    expectClose(
      rates(.multiStep(initial: 1, factor: 0.1, milestones: [3, 5]), [0, 2, 3, 4, 5, 100]),
      [1, 1, 0.1, 0.1, 0.01, 0.01])
    let third = 0.1 + 0.9 * 0.75
    expectClose(
      rates(.cosine(initial: 1, final: 0.1, steps: 6), [0, 2, 3, 6, 7]), [1, third, 0.55, 0.1, 0.1])
    expectClose(rates(.linear(initial: 1, final: 0, steps: 4), [0, 1, 2, 4, 9]), [1, 0.75, 0.5, 0, 0])
  }

  @Test func warmUpGoesBeforeAnyOther() {
    let schedule = LearningRateSchedule.cosine(initial: 1, final: 0, steps: 2).warmedUp(over: 4)
    expectClose(rates(schedule, [0, 1, 2, 3, 4, 5, 6, 7]), [0.25, 0.5, 0.75, 1, 1, 0.5, 0, 0])
    expectClose(rates(LearningRateSchedule.constant(3).warmedUp(over: 0), [0, 1]), [3, 3])
    expectClose(rates(schedule.warmedUp(over: 2), [0, 1, 2]), [0.125, 0.25, 0.25])
  }

  @Test func oneCycleGoesUpToThePeakAndDownToAlmostNothing() {
    // 10 steps up to 3 - 1 = 2, down to 9; half-way values by the cosine of a right angle.
    let schedule = LearningRateSchedule.oneCycle(
      peak: 1, steps: 10, upFraction: 0.3, divisor: 4, finalDivisor: 25)
    expectClose(rates(schedule, [0, 1, 2, 9, 10, 50]), [0.25, 0.625, 1, 0.01, 0.01, 0.01])
    let falling = rates(schedule, Array(2...9))
    #expect(zip(falling, falling.dropFirst()).allSatisfy { $0 > $1 })
    expectClose(
      rates(.oneCycle(peak: 5, steps: 100), [0, 29, 99]), [0.2, 5, 0.00002])
    expectClose(rates(.oneCycle(peak: 1, steps: 1), [0, 1]), [4e-6, 4e-6])
  }

  @Test func schedulesAreStored() throws {
    for schedule: LearningRateSchedule in [
      .constant(0.1), .step(initial: 1, factor: 0.1, interval: 3),
      .multiStep(initial: 1, factor: 0.1, milestones: [1, 2]),
      .cosine(initial: 1, final: 0, steps: 9).warmedUp(over: 3), .linear(initial: 1, final: 0, steps: 5),
      .oneCycle(peak: 1, steps: 100),
    ] {
      let copy = try JSONDecoder().decode(LearningRateSchedule.self, from: JSONEncoder().encode(schedule))
      #expect(copy == schedule)
    }
  }
}
