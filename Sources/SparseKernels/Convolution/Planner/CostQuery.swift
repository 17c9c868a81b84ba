import TensorCore

/// What a kernel's cost is asked for: one pass of a problem with a pattern, on a machine. Values of weights are not in it, so no
/// choice depends on them.
public struct CostQuery: Sendable {
  /// The problem.
  public let problem: ConvProblem
  /// Which weights are stored.
  public let pattern: SparsityPattern
  /// What is computed.
  public let pass: ConvPass
  /// The threads that will compute it.
  public let threadCount: Int
  /// What the machine does in a second.
  public let rates: MachineRates

  /// Creates a query.
  public init(
    _ problem: ConvProblem, pattern: SparsityPattern, pass: ConvPass = .forward, threadCount: Int = 1,
    rates: MachineRates = .current
  ) {
    self.problem = problem
    self.pattern = pattern
    self.pass = pass
    self.threadCount = threadCount
    self.rates = rates
  }
}

extension CostQuery {
  /// The share of one thread's time that a call takes where `parts` equal parts are shared out over the threads.
  func share(ofParts parts: Int) -> Double {
    let rounds = (max(1, parts) + threadCount - 1) / threadCount
    return Double(rounds) / Double(max(1, parts))
  }
}
