/// How a plan is made.
public enum PlanMode: String, CaseIterable, Hashable, Sendable {
  /// What was measured before, if the cache has it; otherwise the cost model. Never times anything.
  case auto
  /// The cost model alone.
  case model
  /// What was measured before, if the cache has it; otherwise the candidates are timed, and the cache remembers.
  case measured
}
