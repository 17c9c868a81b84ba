/// Which kernel a layer gets, and why: every candidate with its cost or its refusal.
public struct ConvPlan: Hashable, Sendable {
  /// A kernel that could have been chosen.
  public struct Candidate: Hashable, Sendable {
    /// The kernel's name.
    public let kernelName: String
    /// Whether the kernel multiplies zeros too.
    public let isDense: Bool
    /// What its cost model expects; nil where it has none or was not asked.
    public internal(set) var predicted: ConvCost?
    /// The median of what it took; nil where it was not timed.
    public internal(set) var measuredSeconds: Double?
    /// Why it cannot be chosen; nil where it can.
    public internal(set) var refusal: String?

    init(
      _ kernel: any ConvKernel, predicted: ConvCost? = nil, measuredSeconds: Double? = nil, refusal: String? = nil
    ) {
      kernelName = kernel.name
      isDense = kernel.isDense
      self.predicted = predicted
      self.measuredSeconds = measuredSeconds
      self.refusal = refusal
    }

    /// What it is expected to take: as measured, or else as predicted.
    public var seconds: Double? { refusal == nil ? measuredSeconds ?? predicted?.seconds : nil }

    /// What counts when candidates are compared: a kernel that skips zeros must be expected to win by more than predictions are off,
    /// since it is to be no slower than a dense one.
    fileprivate var comparedSeconds: Double {
      guard let seconds else { return .infinity }
      return measuredSeconds == nil && !isDense ? seconds * (1 + Self.predictionError) : seconds
    }

    /// By how much predictions are off, as a rule.
    private static let predictionError = 0.07
  }

  /// Where a choice comes from.
  public enum Origin: String, Hashable, Sendable {
    /// The cost model.
    case model
    /// Timing, just now.
    case measured
    /// Timing, by this process or another one before.
    case cache
  }

  /// The problem.
  public let problem: ConvProblem
  /// What is computed.
  public let pass: ConvPass
  /// The threads that it is planned for.
  public let threadCount: Int
  /// Where the choice comes from.
  public let origin: Origin
  /// Every candidate, in the order of the list of kernels.
  public let candidates: [Candidate]
  /// The name of the chosen kernel.
  public let choice: String

  /// The candidate that was chosen.
  public var chosen: Candidate {
    guard let chosen = candidates.first(where: { $0.kernelName == choice }) else {
      preconditionFailure("ConvPlan: '\(choice)' is not among \(candidates.map(\.kernelName))")
    }
    return chosen
  }

  /// The candidate that takes the least time: of those that were timed if any was, else of those with a prediction, where a dense one is
  /// preferred if they are close, else the first that does not refuse.
  init(
    _ problem: ConvProblem, pass: ConvPass, threadCount: Int, origin: Origin, candidates: [Candidate]
  ) throws(KernelError) {
    let able = candidates.filter { $0.refusal == nil }
    let timed = able.filter { $0.measuredSeconds != nil }
    let pool = timed.isEmpty ? able : timed
    guard let best = pool.min(by: { $0.comparedSeconds < $1.comparedSeconds }) else {
      let reasons = candidates.map { "\($0.kernelName): \($0.refusal ?? "")" }
      throw .unsupported(kernel: AutoConvKernel.name, reason: reasons.joined(separator: "; "))
    }
    self.init(
      problem: problem, pass: pass, threadCount: threadCount, origin: origin, candidates: candidates,
      choice: best.kernelName)
  }

  private init(
    problem: ConvProblem, pass: ConvPass, threadCount: Int, origin: Origin, candidates: [Candidate], choice: String
  ) {
    self.problem = problem
    self.pass = pass
    self.threadCount = threadCount
    self.origin = origin
    self.candidates = candidates
    self.choice = choice
  }

  /// This plan without its choice, which turned out to lack the pass; nil where there is no other.
  func refusingChoice(_ reason: String) -> ConvPlan? {
    var candidates = candidates
    for index in candidates.indices where candidates[index].kernelName == choice { candidates[index].refusal = reason }
    return try? ConvPlan(problem, pass: pass, threadCount: threadCount, origin: origin, candidates: candidates)
  }
}

extension ConvPlan: CustomStringConvertible {
  /// A line for the choice, and one for each candidate.
  public var description: String {
    let threads = threadCount == 1 ? "1 thread" : "\(threadCount) threads"
    let head = "\(pass.rawValue), \(threads): \(choice), by \(origin.words)"
    let width = candidates.map(\.kernelName.count).max() ?? 0
    let lines = candidates.map { candidate in
      let mark = candidate.kernelName == choice ? "*" : " "
      let fill = String(repeating: " ", count: width - candidate.kernelName.count)
      return "  \(mark) \(candidate.kernelName)\(fill)  \(candidate.words)"
    }
    return ([head] + lines).joined(separator: "\n")
  }
}

extension ConvPlan.Origin {
  /// As a sentence has it, after "by".
  package var words: String {
    switch self {
    case .model: "the cost model"
    case .measured: "measurement"
    case .cache: "an earlier measurement"
    }
  }
}

extension ConvPlan.Candidate {
  fileprivate var words: String {
    if let refusal { return "refused: \(refusal)" }
    let known = [
      predicted.map { "predicted \(Self.milliseconds($0.seconds))" },
      measuredSeconds.map { "measured \(Self.milliseconds($0))" },
    ].compactMap { $0 }
    return known.isEmpty ? "no cost model" : known.joined(separator: ", ")
  }

  /// Three digits behind the point, without Foundation.
  private static func milliseconds(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "\(seconds) s" }
    let microseconds = Int((seconds * 1e6).rounded())
    let digits = String(microseconds % 1000)
    return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits) ms"
  }
}
