import TensorCore

/// Chooses a kernel for a problem and a pattern.
///
/// It knows no kernel by name or type: it asks each candidate's ``ConvKernel/support(for:)`` and ``ConvKernel/cost(_:)``, or times it.
public struct ConvPlanner: Sendable {
  /// The kernels to choose from.
  public let candidates: [any ConvKernel]
  /// The threads to plan for.
  public let threadCount: Int
  /// Where measured plans are kept; nil to keep none.
  public let cache: PlanCache?
  private let knownRates: MachineRates?

  /// Creates a planner.
  ///
  /// - Parameters:
  ///   - candidates: the kernels to choose from.
  ///   - threadCount: the threads to plan for.
  ///   - cache: where measured plans are kept; nil to keep none.
  ///   - rates: the machine's; nil to measure them when they are first needed, once per process.
  /// - Precondition: there is a candidate, and `threadCount >= 1`.
  public init(
    candidates: [any ConvKernel] = ConvKernelList.candidates, threadCount: Int = 1, cache: PlanCache? = .standard,
    rates: MachineRates? = nil
  ) {
    precondition(!candidates.isEmpty, "ConvPlanner: 0 candidates, expected 1 or more")
    precondition(threadCount >= 1, "ConvPlanner: \(threadCount) threads, expected 1 or more")
    self.candidates = candidates
    self.threadCount = threadCount
    self.cache = cache
    knownRates = rates
  }

  var rates: MachineRates { knownRates ?? .current }

  /// The plan of a layer.
  ///
  /// It follows from the problem, the pattern and the number of threads, never from values.
  ///
  /// - Parameters:
  ///   - pattern: of the weights; see ``ConvWeights``.
  ///   - pass: what is computed.
  ///   - mode: by the model or by timing.
  /// - Complexity: by the model well under a millisecond for most layers; the first call of a process measures the machine besides, some
  ///   twenty milliseconds. By timing some hundredths of a second for each candidate that is worth it.
  /// - Throws: ``KernelError`` if every candidate refuses, the pattern has another shape, or a library fails while it is timed.
  public func plan(
    _ problem: ConvProblem, pattern: SparsityPattern, pass: ConvPass = .forward, mode: PlanMode = .auto
  ) throws -> ConvPlan {
    if pattern.rows != problem.outputChannels || pattern.columns != problem.weightsPerOutputChannel {
      throw KernelError.weightShape(rows: pattern.rows, columns: pattern.columns, problem: problem)
    }
    let key =
      cache == nil || mode == .model
      ? nil
      : PlanKey(
        problem, statistics: PatternStatistics(pattern), pass: pass, threadCount: threadCount,
        kernelNames: candidates.map(\.name))
    if let key, let medians = cache?.medians(for: key), let plan = try? cached(problem, pass: pass, medians: medians) {
      return plan
    }
    let candidates = modelled(CostQuery(problem, pattern: pattern, pass: pass, threadCount: threadCount, rates: rates))
    if mode != .measured {
      return try ConvPlan(problem, pass: pass, threadCount: threadCount, origin: .model, candidates: candidates)
    }
    let timed = try measured(candidates, problem: problem, pattern: pattern, pass: pass)
    let plan = try ConvPlan(problem, pass: pass, threadCount: threadCount, origin: .measured, candidates: timed)
    if let key, let cache {
      cache.store(
        Dictionary(timed.compactMap { one in one.measuredSeconds.map { (one.kernelName, $0) } }) { $1 }, for: key)
    }
    return plan
  }

  /// The kernel that a plan chose.
  func kernel(of plan: ConvPlan) -> any ConvKernel {
    guard let kernel = candidates.first(where: { $0.name == plan.choice }) else {
      preconditionFailure("ConvPlanner: '\(plan.choice)' is not among \(candidates.map(\.name))")
    }
    return kernel
  }

  /// Asks every candidate.
  private func modelled(_ query: CostQuery) -> [ConvPlan.Candidate] {
    candidates.map { kernel in
      if case .unsupported(let reason) = kernel.support(for: query.problem) {
        return ConvPlan.Candidate(kernel, refusal: reason)
      }
      return ConvPlan.Candidate(kernel, predicted: kernel.cost(query))
    }
  }

  /// A plan of what was measured before. Predictions are not needed for it, and so not made.
  private func cached(_ problem: ConvProblem, pass: ConvPass, medians: [String: Double]) throws -> ConvPlan {
    let candidates = candidates.map { kernel in
      guard case .unsupported(let reason) = kernel.support(for: problem) else {
        let median = medians[kernel.name]
        return ConvPlan.Candidate(
          kernel, measuredSeconds: median, refusal: median == nil ? "not worth timing" : nil)
      }
      return ConvPlan.Candidate(kernel, refusal: reason)
    }
    return try ConvPlan(problem, pass: pass, threadCount: threadCount, origin: .cache, candidates: candidates)
  }
}
