import Foundation

/// The learning rate of each step, as a value that can be stored.
///
/// Steps are counted from 0: the first update takes `rate(step: 0)`. A schedule goes on for ever: after its last step it
/// stays at its last rate.
public indirect enum LearningRateSchedule: Hashable, Sendable, Codable {
  /// The same rate at every step.
  case constant(Double)
  /// `initial * factor^floor(step / interval)`: PyTorch's `StepLR`.
  case step(initial: Double, factor: Double, interval: Int)
  /// `initial * factor^k`, where k is the number of milestones that are not after the step: PyTorch's `MultiStepLR`.
  case multiStep(initial: Double, factor: Double, milestones: [Int])
  /// `final + (initial - final) * (1 + cos(pi * min(step, steps) / steps)) / 2`: PyTorch's `CosineAnnealingLR`.
  /// Loshchilov and Hutter, "SGDR", ICLR 2017, <https://arxiv.org/abs/1608.03983>.
  case cosine(initial: Double, final: Double, steps: Int)
  /// `initial + (final - initial) * min(step, steps) / steps`.
  case linear(initial: Double, final: Double, steps: Int)
  /// `next.rate(0) * (step + 1) / steps` before `steps`, then `next.rate(step - steps)`. Goyal et al., "Accurate, large
  /// minibatch SGD", 2017, <https://arxiv.org/abs/1706.02677>.
  case warmup(steps: Int, next: LearningRateSchedule)
  /// Up from `peak / divisor` to `peak` at step `upFraction * steps - 1`, down to `peak / divisor / finalDivisor` at
  /// step `steps - 1`, by half a cosine each: PyTorch's `OneCycleLR`. Smith and Topin, "Super-convergence", 2018,
  /// <https://arxiv.org/abs/1708.07120>.
  case oneCycle(peak: Double, steps: Int, upFraction: Double, divisor: Double, finalDivisor: Double)

  /// One cycle with PyTorch's numbers: 30 % of the steps up from `peak / 25`, then down to `peak / 250,000`.
  public static func oneCycle(peak: Double, steps: Int) -> LearningRateSchedule {
    .oneCycle(peak: peak, steps: steps, upFraction: 0.3, divisor: 25, finalDivisor: 1e4)
  }

  /// This schedule after `steps` steps that go up to it in a line.
  public func warmedUp(over steps: Int) -> LearningRateSchedule {
    .warmup(steps: steps, next: self)
  }

  /// The rate of a step, counted from 0.
  ///
  /// - Precondition: `step` is not negative; an interval or a number of steps is 1 or more (a warm-up may have none).
  public func rate(step: Int) -> Double {
    precondition(step >= 0, "LearningRateSchedule: step \(step), expected zero or more")
    switch self {
    case .constant(let rate):
      return rate
    case .step(let initial, let factor, let interval):
      return initial * pow(factor, Double(step / Self.positive(interval)))
    case .multiStep(let initial, let factor, let milestones):
      return initial * pow(factor, Double(milestones.count { $0 <= step }))
    case .cosine(let initial, let final, let steps):
      return Self.halfCosine(from: initial, to: final, Double(min(step, steps)) / Double(Self.positive(steps)))
    case .linear(let initial, let final, let steps):
      return initial + (final - initial) * Double(min(step, steps)) / Double(Self.positive(steps))
    case .warmup(let steps, let next):
      return step < steps
        ? next.rate(step: 0) * Double(step + 1) / Double(steps) : next.rate(step: step - max(steps, 0))
    case .oneCycle(let peak, let steps, let upFraction, let divisor, let finalDivisor):
      let top = upFraction * Double(Self.positive(steps)) - 1
      let now = Double(min(step, steps - 1))
      if now < top { return Self.halfCosine(from: peak / divisor, to: peak, now / top) }
      let down = Double(steps - 1) - top
      return Self.halfCosine(from: peak, to: peak / divisor / finalDivisor, down > 0 ? (now - top) / down : 0)
    }
  }

  private static func halfCosine(from start: Double, to end: Double, _ fraction: Double) -> Double {
    end + (start - end) * (1 + cos(.pi * fraction)) / 2
  }

  private static func positive(_ count: Int) -> Int {
    precondition(count > 0, "LearningRateSchedule: \(count) steps, expected 1 or more")
    return count
  }
}
