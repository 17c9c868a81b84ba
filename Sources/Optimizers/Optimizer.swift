/// A rule that changes parameters by their gradients, with the arrays that it remembers between steps.
///
/// A parameter is a name and a flat run of floats: of a sparse layer its stored values, of a dense layer all of them.
/// What an optimizer remembers is as long as that run, element by element, so neither momentum nor weight decay can
/// touch a weight that is not stored.
///
///     var optimizer = Adam(weightDecay: 1e-4, decayFilter: .exceptBiasAndNorm)
///     let schedule = LearningRateSchedule.cosine(initial: 1e-3, final: 0, steps: 1000)
///     for step in 0..<1000 {
///       optimizer.beginStep()
///       optimizer.update("conv1.weight", values: weights, gradient: gradient, learningRate: schedule.rate(step: step))
///     }
///
/// An optimizer is a value: a copy goes on by itself. `Codable` stores the hyper-parameters alone; the arrays are in
/// ``checkpoint()``. A NaN in a gradient makes its weight and its state NaN and no other weight: look at
/// ``GradientNorm`` before the update. A warm update, one of a name that is known, allocates nothing.
///
/// Hyper-parameters are `Double`, and what follows from them is rounded to `Float` once a step: `1 - 0.999` in `Float`
/// would be wrong in the fifth digit. Each element is computed in `Float`, by itself, so bits do not depend on how a run
/// is cut into ranges.
public protocol Optimizer: Sendable, Codable {
  /// The arithmetic of one step.
  associatedtype Rule: UpdateRule

  /// What a checkpoint calls this kind of optimizer.
  static var name: String { get }

  /// The names of the arrays that are kept for each parameter, as PyTorch calls them, without a dot; as
  /// many as the rule's ``UpdateRule/slotCount``.
  var slotNames: [String] { get }

  /// The step and the arrays.
  var state: OptimizerState { get set }

  /// The parameters that weight decay applies to.
  var decayFilter: ParameterFilter { get }

  /// The arithmetic of step `step`, counted from 1; `decays` is false for a parameter without weight decay.
  func rule(step: Int, learningRate: Double, decays: Bool) -> Rule
}

extension Optimizer {
  /// The number of steps that were begun.
  public var step: Int { state.step }

  /// Begins a step: call it once, then update each parameter once.
  public mutating func beginStep() {
    state.step += 1
  }

  /// Changes one parameter by its gradient.
  ///
  /// - Parameters:
  ///   - name: the same at every step.
  ///   - values: the parameter, read and written.
  ///   - gradient: as long as `values`; must not overlap it.
  ///   - learningRate: the rate of this step.
  /// - Precondition: ``beginStep()`` was called; counts agree, also with those of earlier steps.
  /// - Complexity: O(n), one pass over values, gradient and state.
  public mutating func update(
    _ name: String, values: UnsafeMutableBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>,
    learningRate: Double
  ) {
    withUpdate(name, values: values, gradient: gradient, learningRate: learningRate) { update in
      update.apply(to: 0..<update.count)
    }
  }

  /// Gives `body` the update of one parameter, to be applied range by range: by several threads, for example.
  ///
  /// Every index must be in one range; the order of the ranges does not matter, nor do the results depend on them.
  /// The update must not be used after `body` has returned. The rest is as for
  /// ``update(_:values:gradient:learningRate:)``. With `any Optimizer`, call it from a generic function.
  public mutating func withUpdate<Result, Failure: Error>(
    _ name: String, values: UnsafeMutableBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>,
    learningRate: Double, _ body: (ParameterUpdate<Rule>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(step > 0, "\(Self.name): update of \(name) at step \(step), expected beginStep() before it")
    precondition(
      values.count == gradient.count, "\(Self.name): \(name) has \(values.count) values, \(gradient.count) gradients")
    let rule = rule(step: step, learningRate: learningRate, decays: decayFilter.includes(name))
    return try state.withArrays(of: name, count: values.count, slots: rule.slotCount) {
      (arrays: UnsafeMutablePointer<Float>) throws(Failure) in
      try body(ParameterUpdate(rule: rule, values: values, gradient: gradient, state: arrays))
    }
  }

  /// Follows a change of a sparse parameter's pattern: what is remembered of a weight moves with it, and starts at zero
  /// for a grown one. A parameter without state is left without.
  ///
  /// - Parameter sources: for each new position the old position of the same weight, or -1 for a grown one.
  /// - Precondition: each source is -1 or an index of the old values.
  /// - Complexity: O(old + new positions).
  public mutating func patternChanged(_ name: String, sources: [Int32]) {
    state.move(name, sources: sources, slots: slotNames.count)
  }

  /// Forgets a parameter, such as one of a layer that was taken out.
  public mutating func forget(_ name: String) {
    state.remove(name)
  }

  /// The arrays of one parameter by the names of their slots; empty before its first update.
  public func state(of name: String) -> [String: [Float]] {
    var arrays: [String: [Float]] = [:]
    for (slot, slotName) in slotNames.enumerated() {
      arrays[slotName] = state.array(of: name, slot: slot, slots: slotNames.count)
    }
    return arrays
  }
}
