/// When weights are pruned, and to what sparsity.
///
/// Steps are counted as the training loop does. A gradual schedule prunes at `begin`, `begin + interval`, ... and at
/// `end`, where it has reached its final sparsity exactly.
public enum SparsitySchedule: Hashable, Sendable, Codable {
  /// Once, to the final sparsity.
  case oneShot(final: Double, step: Int)
  /// initial + (final - initial) * (t - begin) / (end - begin).
  case linear(initial: Double, final: Double, begin: Int, end: Int, interval: Int)
  /// final + (initial - final) * (1 - (t - begin) / (end - begin))^3: fast while much is redundant. Zhu and Gupta, "To
  /// prune, or not to prune", 2017, <https://arxiv.org/abs/1710.01878>.
  case cubic(initial: Double, final: Double, begin: Int, end: Int, interval: Int)

  /// Whether weights are pruned at a step.
  public func prunes(at step: Int) -> Bool {
    switch self {
    case .oneShot(_, let only): return step == only
    case .linear(_, _, let begin, let end, let interval), .cubic(_, _, let begin, let end, let interval):
      Self.check(begin, end, interval)
      return step == end || (begin..<end).contains(step) && (step - begin).isMultiple(of: interval)
    }
  }

  /// The sparsity that holds after a step: that of the last step at which weights were pruned, or 0 before the first.
  ///
  /// - Precondition: sparsities are in 0...1, `begin <= end`, and the interval is 1 or more.
  public func sparsity(step: Int) -> Double {
    switch self {
    case .oneShot(let final, let only):
      Self.check(0, final)
      return step < only ? 0 : final
    case .linear(let initial, let final, let begin, let end, let interval):
      Self.check(initial, final)
      if step < begin { return 0 }
      return initial + (final - initial) * Self.progress(step, begin, end, interval)
    case .cubic(let initial, let final, let begin, let end, let interval):
      Self.check(initial, final)
      if step < begin { return 0 }
      let rest = 1 - Self.progress(step, begin, end, interval)
      return final + (initial - final) * rest * rest * rest
    }
  }

  private static func progress(_ step: Int, _ begin: Int, _ end: Int, _ interval: Int) -> Double {
    check(begin, end, interval)
    if step >= end { return 1 }
    return Double((step - begin) / interval * interval) / Double(end - begin)
  }

  private static func check(_ initial: Double, _ final: Double) {
    precondition(
      (0...1).contains(initial) && (0...1).contains(final),
      "SparsitySchedule: sparsities \(initial) and \(final), expected 0...1")
  }

  private static func check(_ begin: Int, _ end: Int, _ interval: Int) {
    precondition(begin <= end, "SparsitySchedule: begins at \(begin) and ends at \(end)")
    precondition(interval > 0, "SparsitySchedule: interval \(interval), expected 1 or more")
  }
}
