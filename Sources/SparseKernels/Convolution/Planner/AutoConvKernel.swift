import TensorCore

/// The kernel that is fastest for a layer on this machine, chosen when the layer is prepared; see ``ConvPlanner``.
///
/// Where the layer, or one like it, was measured before, the measurement decides, otherwise the cost model; nothing is timed unless
/// `mode` is ``PlanMode/measured``. The choice follows from the problem, the pattern and `threadCount`, never from values.
public struct AutoConvKernel: ConvKernel {
  /// `auto`.
  public static let name = "auto"
  /// `auto`.
  public var name: String { Self.name }

  /// How plans are made.
  public let mode: PlanMode
  private let custom: ConvPlanner?

  /// The kernel as it is in the list: for one thread, with the standard cache and all candidates of the list.
  public init() {
    mode = .auto
    custom = nil
  }

  /// A kernel that plans as it is told.
  ///
  /// - Parameters:
  ///   - planner: the candidates, the threads to plan for, and the cache. Without dense candidates zeros are never multiplied.
  ///   - mode: how plans are made.
  public init(_ planner: ConvPlanner, mode: PlanMode = .auto) {
    self.mode = mode
    custom = planner
  }

  /// What plans are made by. Made late, since it asks the list, of which this kernel is a part.
  public var planner: ConvPlanner { custom ?? Self.listed }
  private static let listed = ConvPlanner()

  /// Whether any candidate multiplies the zeros too, since it may be chosen.
  public var isDense: Bool { planner.candidates.contains { $0.isDense } }

  /// Supported where any candidate is.
  public func support(for problem: ConvProblem) -> KernelSupport {
    var reasons: [String] = []
    for kernel in planner.candidates {
      guard case .unsupported(let reason) = kernel.support(for: problem) else { return .supported }
      reasons.append("\(kernel.name): \(reason)")
    }
    return .unsupported(reasons.joined(separator: "; "))
  }

  /// Plans the forward pass and prepares the kernel that the plan chose. The gradients are planned when they are first asked for.
  public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    try checkBeforePreparing(problem, weights: weights)
    return try PreparedAutoConv(problem, weights: weights, planner: planner, mode: mode)
  }

  /// The plan of a pass, without preparing anything.
  ///
  /// - Parameter weights: whose pattern counts.
  /// - Throws: ``KernelError``, as ``ConvPlanner/plan(_:pattern:pass:mode:)`` does.
  public func plan(_ problem: ConvProblem, weights: ConvWeights, pass: ConvPass = .forward) throws -> ConvPlan {
    try planner.plan(problem, pattern: weights.matrix.pattern, pass: pass, mode: mode)
  }
}
