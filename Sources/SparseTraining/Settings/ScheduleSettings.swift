import Optimizers

/// How the learning rate goes over a training, by the name that a command line and a checkpoint use.
public enum ScheduleSettings: String, CaseIterable, Hashable, Sendable, Codable {
  /// The same throughout.
  case constant
  /// A tenth after half of the steps, a hundredth after three quarters.
  case step
  /// Down to 0 by half a cosine.
  case cosine
  /// Up and down again by half a cosine each; ``Optimizers/LearningRateSchedule/oneCycle(peak:steps:)``.
  case oneCycle = "one-cycle"

  /// The rate of each step.
  ///
  /// - Parameters:
  ///   - rate: the largest.
  ///   - warmup: steps that go up in a line to the schedule's first rate, before it; fewer than `steps`.
  ///   - steps: of the whole training.
  func schedule(rate: Double, warmup: Int, steps: Int) -> LearningRateSchedule {
    let rest = max(steps - warmup, 1)
    let schedule: LearningRateSchedule
    switch self {
    case .constant: schedule = .constant(rate)
    case .step: schedule = .multiStep(initial: rate, factor: 0.1, milestones: [rest / 2, rest * 3 / 4])
    case .cosine: schedule = .cosine(initial: rate, final: 0, steps: rest)
    case .oneCycle: schedule = .oneCycle(peak: rate, steps: rest)
    }
    return warmup > 0 ? schedule.warmedUp(over: warmup) : schedule
  }
}
