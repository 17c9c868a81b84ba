import TensorCore

/// What ``AutoConvKernel`` prepares: another kernel's prepared convolution, and why it is that one's.
public struct PreparedAutoConv: PreparedConv {
  /// The problem that was prepared.
  public let problem: ConvProblem
  /// The plan of the forward pass.
  public let plan: ConvPlan
  private let planner: ConvPlanner
  private let mode: PlanMode
  private var weights: CSRMatrix
  private var forwardConv: any PreparedConv
  private var lazyGradients = LazyAutoGradients(nil)

  init(_ problem: ConvProblem, weights: ConvWeights, planner: ConvPlanner, mode: PlanMode) throws {
    self.problem = problem
    self.planner = planner
    self.mode = mode
    self.weights = weights.matrix
    plan = try planner.plan(problem, pattern: weights.matrix.pattern, mode: mode)
    forwardConv = try planner.kernel(of: plan).prepare(problem, weights: weights)
  }

  /// That of the kernel that computes forward.
  public var errorGrowth: Float { forwardConv.errorGrowth }

  /// Those of the kernel that computes forward.
  public var weightByteCount: Int { forwardConv.weightByteCount }

  /// Those of the kernel that computes forward.
  public func scratchByteCount(threadCount: Int) -> Int { forwardConv.scratchByteCount(threadCount: threadCount) }

  /// Replaces the values in the kernel that computes forward, and in those of the gradients if they were made.
  public mutating func replaceValues(_ values: [Float]) throws {
    try forwardConv.replaceValues(values)
    weights = try weights.replacingValues(values)
    lazyGradients = LazyAutoGradients(try lazyGradients.made?.replacingValues(values, forward: forwardConv))
  }

  /// The other kernel's.
  public func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
  ) throws {
    try forwardConv.forward(input: input, output: output, epilogue: epilogue, context: context)
  }

  /// Each gradient by the kernel that its own plan chose, of those that have it. Made when first asked for; nil where no candidate has
  /// both, or what was chosen cannot be prepared.
  public var gradients: (any ConvGradients)? { autoGradients }

  /// The plan of a pass; nil for a gradient where ``gradients`` is.
  public func plan(of pass: ConvPass) -> ConvPlan? {
    switch pass {
    case .forward: plan
    case .inputGradient: autoGradients?.input.plan
    case .weightGradient: autoGradients?.weight.plan
    }
  }

  private var autoGradients: AutoGradients? {
    lazyGradients.value {
      func side(_ pass: ConvPass) -> AutoGradients.Side? { try? self.side(pass) }
      guard let input = side(.inputGradient), let weight = side(.weightGradient) else { return nil }
      return AutoGradients(input: input, weight: weight)
    }
  }

  /// Prepares the best kernel that has a gradient. That those with a cost have it is known; the others are tried in turn.
  private func side(_ pass: ConvPass) throws -> AutoGradients.Side? {
    var plan = try planner.plan(problem, pattern: weights.pattern, pass: pass, mode: mode)
    while true {
      let isForward = plan.choice == self.plan.choice
      let conv =
        isForward ? forwardConv : try planner.kernel(of: plan).prepare(problem, weights: ConvWeights(weights))
      if let gradients = conv.gradients {
        return AutoGradients.Side(plan: plan, own: isForward ? nil : conv, gradients: gradients)
      }
      guard let next = plan.refusingChoice("computes forward only") else { return nil }
      plan = next
    }
  }
}

/// The two gradients, each by a kernel of its own.
private struct AutoGradients: ConvGradients {
  /// One gradient.
  struct Side: Sendable {
    let plan: ConvPlan
    /// The convolution that was prepared for it; nil where it is the one that computes forward.
    let own: (any PreparedConv)?
    let gradients: any ConvGradients

    var byteCount: Int { (own?.weightByteCount ?? 0) + gradients.gradientWeightByteCount }

    func replacingValues(_ values: [Float], forward: any PreparedConv) throws -> Side? {
      guard var own else { return forward.gradients.map { Side(plan: plan, own: nil, gradients: $0) } }
      try own.replaceValues(values)
      return own.gradients.map { Side(plan: plan, own: own, gradients: $0) }
    }
  }

  let input: Side
  let weight: Side

  var problem: ConvProblem { input.gradients.problem }
  var nnz: Int { weight.gradients.nnz }

  var gradientWeightByteCount: Int {
    let (input, weight) = (input.byteCount, weight.byteCount)
    return self.input.own == nil && self.weight.own == nil ? max(input, weight) : input + weight
  }

  func gradientScratchByteCount(threadCount: Int) -> Int {
    max(
      input.gradients.gradientScratchByteCount(threadCount: threadCount),
      weight.gradients.gradientScratchByteCount(threadCount: threadCount))
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    try input.gradients.inputGradient(outputGradient: outputGradient, into: inputGradient, context: context)
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    into weightGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    try weight.gradients.weightGradient(
      input: input, outputGradient: outputGradient, into: weightGradient, context: context)
  }

  /// Together where both are the same kernel's.
  func bothGradients(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    intoInput inputGradient: UnsafeMutablePointer<Float>, weights weightGradient: UnsafeMutablePointer<Float>,
    context: ComputeContext
  ) throws {
    if self.input.plan.choice == weight.plan.choice {
      return try weight.gradients.bothGradients(
        input: input, outputGradient: outputGradient, intoInput: inputGradient, weights: weightGradient,
        context: context)
    }
    try self.inputGradient(outputGradient: outputGradient, into: inputGradient, context: context)
    try self.weightGradient(input: input, outputGradient: outputGradient, into: weightGradient, context: context)
  }

  /// - Parameter forward: the convolution that computes forward, with the new values.
  func replacingValues(_ values: [Float], forward: any PreparedConv) throws -> AutoGradients? {
    guard let input = try input.replacingValues(values, forward: forward),
      let weight = try weight.replacingValues(values, forward: forward)
    else { return nil }
    return AutoGradients(input: input, weight: weight)
  }
}

/// Gradients that are made when first asked for. Copies of a prepared convolution share them until their values change.
private final class LazyAutoGradients: Sendable {
  private enum State {
    case unknown
    case known(AutoGradients?)
  }

  private let state: Locked<State>

  init(_ gradients: AutoGradients?) { state = Locked(gradients.map { .known($0) } ?? .unknown) }

  /// The gradients, if they were made.
  var made: AutoGradients? {
    state.withLock { state in if case .known(let gradients) = state { gradients } else { nil } }
  }

  func value(make: () -> AutoGradients?) -> AutoGradients? {
    state.withLock { state in
      if case .known(let gradients) = state { return gradients }
      let gradients = make()
      state = .known(gradients)
      return gradients
    }
  }
}
