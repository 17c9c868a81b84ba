import Foundation
import TensorCore

/// Training with a pattern that moves: now and then the smallest weights are dropped and as many grow elsewhere.
///
/// A layer stores exactly as many positions after a change as before. Those just dropped may grow again at once, as in
/// the code of RigL's authors; then nothing happened to them, and they keep value and state. All others start at zero.
public struct DynamicSparsity: Hashable, Sendable, Codable {
  /// What grows.
  public enum Growth: Hashable, Sendable, Codable {
    /// Nothing: the pattern stays.
    case none
    /// Random positions, for a layer's name and a step always the same.
    case random(seed: UInt64)
    /// The positions with the largest gradient.
    case gradient
  }

  /// What grows.
  public var growth: Growth
  /// The part of the weights that is dropped at the first change, in 0...1.
  public var initialFraction: Double
  /// From one change to the next.
  public var interval: Int
  /// The first step without changes.
  public var end: Int
  /// Whether the dropped part falls to 0 at `end`, by half a cosine.
  public var decays: Bool

  /// Combines the parts.
  ///
  /// - Precondition: the fraction is in 0...1, the interval is 1 or more.
  public init(growth: Growth, initialFraction: Double, interval: Int, end: Int, decays: Bool) {
    precondition(
      (0...1).contains(initialFraction), "DynamicSparsity: fraction \(initialFraction), expected 0...1")
    precondition(interval > 0, "DynamicSparsity: interval \(interval), expected 1 or more")
    self.growth = growth
    self.initialFraction = initialFraction
    self.interval = interval
    self.end = end
    self.decays = decays
  }

  /// The control: the pattern that training began with.
  public static let fixed = DynamicSparsity(growth: .none, initialFraction: 0, interval: 1, end: 0, decays: false)

  /// Whether ``change(of:name:step:denseGradient:)`` needs a gradient of all positions.
  public var needsDenseGradient: Bool { growth == .gradient }

  /// Whether patterns change at a step: at each multiple of the interval between 0 and `end`, both excluded.
  public func changesPattern(at step: Int) -> Bool {
    growth != .none && step > 0 && step < end && step.isMultiple(of: interval)
  }

  /// The part of the weights that is dropped at a step: `initialFraction`, times (1 + cos(pi * step / end)) / 2 if it
  /// decays.
  public func dropFraction(at step: Int) -> Double {
    if !decays { return initialFraction }
    return step >= end ? 0 : initialFraction * (1 + cos(.pi * Double(step) / Double(end))) / 2
  }

  /// The next pattern of one layer.
  ///
  /// The floor(fraction * nnz) smallest weights are dropped, by magnitude, of equal ones the first; then as many grow
  /// among the positions that are not stored any more. By gradient the largest magnitudes grow, of equal ones the last;
  /// a NaN counts as larger than infinity in both.
  ///
  /// - Parameters:
  ///   - weights: the layer's.
  ///   - name: the layer's, for random growth.
  ///   - step: the step of the training.
  ///   - denseGradient: if ``needsDenseGradient``, the gradient at all positions, row-major, with rows * columns
  ///     elements: of this layer alone, so that the next may use the same memory.
  /// - Precondition: a gradient that is needed is given and has the right length.
  /// - Complexity: O(nnz) for random growth (and O(k log k) for k dropped), O(rows * columns) by gradient.
  public func change(
    of weights: CSRMatrix, name: String, step: Int, denseGradient: UnsafeBufferPointer<Float>? = nil
  ) -> PatternChange {
    let dropped = growth == .none ? 0 : Int(dropFraction(at: step) * Double(weights.nnz))
    if dropped == 0 { return PatternChange(unchanged: weights.pattern) }
    let rest = RemainingEntries(weights, count: weights.nnz - dropped)
    switch growth {
    case .none:
      return PatternChange(unchanged: weights.pattern)
    case .random(let seed):
      var generator = SeededGenerator(seed: seed, name: name, step: step)
      return rest.growing(rest.randomPositions(dropped, using: &generator))
    case .gradient:
      guard let denseGradient else { preconditionFailure("DynamicSparsity: \(name) has no dense gradient at \(step)") }
      precondition(
        denseGradient.count == weights.rows * weights.columns,
        "DynamicSparsity: \(name) has \(weights.rows) x \(weights.columns) weights, \(denseGradient.count) gradients")
      return rest.growing(rest.steepestPositions(dropped, denseGradient))
    }
  }
}
