import TensorCore

/// A way to prune a network: score x mask x distribution x schedule.
///
///     let method = PruningMethod.gradualMagnitude(sparsity: 0.9, begin: 0, end: 1000, interval: 50)
///     // at each step:
///     if method.schedule.prunes(at: step) {
///       let changes = method.changes(of: layers, at: step)  // one for each layer
///     }
///
/// The same input gives the same masks, on every machine.
public struct PruningMethod: Hashable, Sendable, Codable {
  /// How much each weight matters.
  public var score: PruningScore
  /// What form the kept weights have.
  public var mask: PruningMask
  /// How sparsity is shared out among layers.
  public var distribution: SparsityDistribution
  /// When weights are pruned, and to what sparsity.
  public var schedule: SparsitySchedule

  /// Combines the four parts.
  public init(
    score: PruningScore, mask: PruningMask = .unstructured, distribution: SparsityDistribution,
    schedule: SparsitySchedule
  ) {
    self.score = score
    self.mask = mask
    self.distribution = distribution
    self.schedule = schedule
  }

  /// A layer as pruning sees it: what is stored, and how much each of it matters.
  public struct Layer: Sendable {
    /// The extents of the weights, `[out, in]` or `[out, in / groups, height, width]`.
    public var shape: Shape
    /// What is stored now.
    public var pattern: SparsityPattern
    /// One for each stored position: from ``PruningScore/scores(name:values:gradient:)`` or ``MovementScores``.
    public var scores: [Float]

    /// Creates a layer.
    ///
    /// - Precondition: shape and pattern are of the same size, and there is one score for each stored position.
    public init(shape: Shape, pattern: SparsityPattern, scores: [Float]) {
      precondition(
        shape.elementCount == pattern.rows * pattern.columns,
        "PruningMethod: shape \(shape) for a pattern of \(pattern.rows) x \(pattern.columns)")
      precondition(
        scores.count == pattern.nnz, "PruningMethod: \(scores.count) scores for \(pattern.nnz) stored positions")
      self.shape = shape
      self.pattern = pattern
      self.scores = scores
    }
  }

  /// The new pattern of each layer at a step: those of the schedule's sparsity at that step.
  ///
  /// Sparsity is counted over the positions of the given layers, stored or not; a layer that is sparser than asked for
  /// stays as it is. Layers that are to remain dense are not given.
  public func changes(of layers: [Layer], at step: Int) -> [PatternChange] {
    let counts = distribution.keptCounts(
      sparsity: schedule.sparsity(step: step), shapes: layers.map(\.shape), scores: layers.map(\.scores))
    return zip(layers, counts).map { layer, count in
      mask.change(of: layer.pattern, scores: layer.scores, keeping: count)
    }
  }
}
