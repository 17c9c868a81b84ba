/// An optimizer's state as a file can hold it: a step, and arrays of floats with names.
///
/// With these arrays, and the parameters and hyper-parameters of the same time, training goes on with the same bits.
public struct OptimizerCheckpoint: Sendable, Equatable {
  /// What kind of optimizer it is of, such as `Adam`.
  public var optimizer: String
  /// The number of steps that were begun.
  public var step: Int
  /// The arrays by `<parameter>.<slot>`, such as `conv1.weight.exp_avg`.
  public var arrays: [String: [Float]]

  /// Creates a checkpoint from what a file held.
  public init(optimizer: String, step: Int, arrays: [String: [Float]]) {
    self.optimizer = optimizer
    self.step = step
    self.arrays = arrays
  }
}

extension Optimizer {
  /// The state, to be written to a file.
  ///
  /// - Complexity: O(state), which it copies.
  public func checkpoint() -> OptimizerCheckpoint {
    var arrays: [String: [Float]] = [:]
    for parameter in state.parameterNames {
      for (slot, array) in state(of: parameter) { arrays["\(parameter).\(slot)"] = array }
    }
    return OptimizerCheckpoint(optimizer: Self.name, step: step, arrays: arrays)
  }

  /// Goes on from a checkpoint; after an error the state is what it was.
  ///
  /// A parameter of which the checkpoint has no array at all starts at zero, as one that was not updated so far.
  ///
  /// - Parameters:
  ///   - checkpoint: from ``checkpoint()`` of an optimizer of this kind with the same slots.
  ///   - parameterCounts: of each parameter that will be updated the number of values.
  /// - Throws: ``OptimizerError`` naming what differs and what was expected.
  public mutating func restore(
    _ checkpoint: OptimizerCheckpoint, parameterCounts: [String: Int]
  ) throws(OptimizerError) {
    if checkpoint.optimizer != Self.name { throw .otherOptimizer(checkpoint.optimizer, expected: Self.name) }
    if checkpoint.step < 0 { throw .negativeStep(checkpoint.step) }
    var restored = OptimizerState()
    restored.step = checkpoint.step
    var used = 0
    for (parameter, count) in parameterCounts.sorted(by: { $0.key < $1.key }) {
      let names = slotNames.map { "\(parameter).\($0)" }
      let arrays = names.map { checkpoint.arrays[$0] }
      if arrays.allSatisfy({ $0 == nil }) { continue }
      var slots: [[Float]] = []
      for (name, array) in zip(names, arrays) {
        guard let array else { throw .missingArray(name) }
        if array.count != count { throw .arrayLength(name, count: array.count, expected: count) }
        slots.append(array)
      }
      restored.set(parameter, slots: slots)
      used += slots.count
    }
    if used != checkpoint.arrays.count {
      let expected = Set(parameterCounts.keys.flatMap { parameter in slotNames.map { "\(parameter).\($0)" } })
      throw .unknownArray(checkpoint.arrays.keys.filter { !expected.contains($0) }.min() ?? "")
    }
    state = restored
  }
}
