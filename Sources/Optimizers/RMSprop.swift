/// RMSprop: steps divided by the root of the running mean of the gradient's square.
///
/// For value x, gradient g, means v and c and momentum buffer b, with learning rate r:
///
///     g' = g + weightDecay * x
///     v  = alpha * v + (1 - alpha) * g' * g'
///     c  = alpha * c + (1 - alpha) * g'            if centered, else c = 0
///     d  = g' / (sqrt(v - c * c) + epsilon)
///     b  = momentum * b + d;  x = x - r * b        with momentum, else x = x - r * d
///
/// As PyTorch's `RMSprop`; v - c * c, which rounding may take below zero, is kept from it. Tieleman and Hinton, Lecture
/// 6.5, 2012, <https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf>; centered as in Graves,
/// "Generating sequences with recurrent neural networks", 2013, <https://arxiv.org/abs/1308.0850>.
public struct RMSprop: Optimizer {
  /// The name of the kind in checkpoints.
  public static var name: String { "RMSprop" }

  /// How much of the means is kept each step, in 0..<1.
  public let alpha: Double
  /// What keeps the divisor from zero.
  public let epsilon: Double
  /// How much of the buffer is kept each step, in 0..<1; 0 for none.
  public let momentum: Double
  /// Whether to divide by the deviation from the mean.
  public let centered: Bool
  /// The factor of the values that is added to the gradient (L2).
  public let weightDecay: Double
  /// The parameters that weight decay applies to.
  public let decayFilter: ParameterFilter
  /// The step and the arrays.
  public var state = OptimizerState()

  private enum CodingKeys: CodingKey {
    case alpha, epsilon, momentum, centered, weightDecay, decayFilter
  }

  /// Creates an optimizer before its first step.
  ///
  /// - Precondition: `alpha` and `momentum` are in 0..<1, `epsilon` and `weightDecay` are not negative.
  public init(
    alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, centered: Bool = false,
    weightDecay: Double = 0, decayFilter: ParameterFilter = .all
  ) {
    precondition(
      (0..<1).contains(alpha) && (0..<1).contains(momentum),
      "RMSprop: alpha \(alpha), momentum \(momentum), expected 0..<1")
    precondition(
      epsilon >= 0 && weightDecay >= 0,
      "RMSprop: epsilon \(epsilon), weightDecay \(weightDecay), expected zero or more")
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.centered = centered
    self.weightDecay = weightDecay
    self.decayFilter = decayFilter
  }

  /// The names of the arrays that are kept for each parameter.
  public var slotNames: [String] {
    ["square_avg"] + (centered ? ["grad_avg"] : []) + (momentum == 0 ? [] : ["momentum_buffer"])
  }

  /// The arithmetic of one step.
  public func rule(step: Int, learningRate: Double, decays: Bool) -> RMSpropRule {
    RMSpropRule(
      alpha: Float(alpha), gain: Float(1 - alpha), epsilon: Float(epsilon), momentum: Float(momentum),
      centered: centered, learningRate: Float(learningRate), decay: decays ? Float(weightDecay) : 0)
  }
}

/// The arithmetic of ``RMSprop``.
public struct RMSpropRule: UpdateRule {
  let alpha: Float
  let gain: Float
  let epsilon: Float
  let momentum: Float
  let centered: Bool
  let learningRate: Float
  let decay: Float

  /// How many arrays the rule keeps.
  public var slotCount: Int { 1 + (centered ? 1 : 0) + (momentum == 0 ? 0 : 1) }

  /// Changes values by their gradients.
  public func apply(
    values: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    slotStride: Int, count: Int
  ) {
    // One loop for each combination, so that none has a branch inside.
    switch (centered, momentum != 0) {
    case (false, false): run(values, gradient, state, slotStride, count, centered: false, hasMomentum: false)
    case (false, true): run(values, gradient, state, slotStride, count, centered: false, hasMomentum: true)
    case (true, false): run(values, gradient, state, slotStride, count, centered: true, hasMomentum: false)
    case (true, true): run(values, gradient, state, slotStride, count, centered: true, hasMomentum: true)
    }
  }

  @inline(__always)
  private func run(
    _ values: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, _ squares: UnsafeMutablePointer<Float>,
    _ slotStride: Int, _ count: Int, centered: Bool, hasMomentum: Bool
  ) {
    let means = squares + slotStride
    let buffers = centered ? means + slotStride : means
    for index in 0..<count {
      let value = values[index]
      let regularized = gradient[index] + decay * value
      var square = alpha * squares[index] + gain * (regularized * regularized)
      squares[index] = square
      if centered {
        let mean = alpha * means[index] + gain * regularized
        means[index] = mean
        square -= mean * mean
        if square < 0 { square = 0 }
      }
      var change = regularized / (square.vectorizableRoot + epsilon)
      if hasMomentum {
        change += momentum * buffers[index]
        buffers[index] = change
      }
      values[index] = value - learningRate * change
    }
  }
}
