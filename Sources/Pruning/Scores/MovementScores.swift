/// The movement of every weight summed over the steps, see ``PruningScore/movement``.
///
/// Arrays are as long as the layers' stored weights and follow their patterns, as an optimizer's state does.
public struct MovementScores: Hashable, Sendable, Codable {
  /// The sums so far, by the layers' names.
  public private(set) var sums: [String: [Float]]

  /// Creates sums, from none or from those that a checkpoint held.
  public init(sums: [String: [Float]] = [:]) {
    self.sums = sums
  }

  /// Adds `-w * g` of one step, after the gradient is known and before the weights change.
  ///
  /// - Precondition: as many values and gradients as at the steps before.
  public mutating func accumulate(_ name: String, values: [Float], gradient: [Float]) {
    let movement = PruningScore.movement.scores(name: name, values: values, gradient: gradient)
    sums[name, default: [Float](repeating: 0, count: values.count)].withUnsafeMutableBufferPointer { sums in
      precondition(
        sums.count == movement.count, "MovementScores: \(name) has \(movement.count) values, before \(sums.count)")
      for index in sums.indices { sums[index] += movement[index] }
    }
  }

  /// Follows a change of a layer's pattern: survivors keep their sums.
  public mutating func patternChanged(_ name: String, _ change: PatternChange) {
    sums[name] = sums[name].map(change.moved)
  }
}
