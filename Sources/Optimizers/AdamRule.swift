import Foundation

/// The arithmetic of ``Adam`` and ``AdamW``.
public struct AdamRule: UpdateRule {
  static let slotNames = ["exp_avg", "exp_avg_sq"]

  let beta1: Float
  let gain1: Float
  let beta2: Float
  let gain2: Float
  let epsilon: Float
  let stepSize: Float
  let rootScale: Float
  let decay: Float
  let shrink: Float

  init(
    beta1: Double, beta2: Double, epsilon: Double, correction: Adam.BiasCorrection, step: Int, learningRate: Double,
    decay: Double, shrink: Double
  ) {
    self.beta1 = Float(beta1)
    gain1 = Float(1 - beta1)
    self.beta2 = Float(beta2)
    gain2 = Float(1 - beta2)
    self.epsilon = Float(epsilon)
    self.decay = Float(decay)
    self.shrink = Float(shrink)
    let rest1 = 1 - pow(beta1, Double(step))
    let rest2 = (1 - pow(beta2, Double(step))).squareRoot()
    switch correction {
    case .full:
      stepSize = Float(learningRate / rest1)
      rootScale = Float(1 / rest2)
    case .rateOnly:
      stepSize = Float(learningRate * rest2 / rest1)
      rootScale = 1
    case .none:
      stepSize = Float(learningRate)
      rootScale = 1
    }
  }

  /// How many arrays the rule keeps.
  public var slotCount: Int { 2 }

  /// Changes values by their gradients.
  public func apply(
    values: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    slotStride: Int, count: Int
  ) {
    let means = state
    let squares = state + slotStride
    for index in 0..<count {
      let value = shrink * values[index]
      let regularized = gradient[index] + decay * value
      let mean = beta1 * means[index] + gain1 * regularized
      let square = beta2 * squares[index] + gain2 * (regularized * regularized)
      means[index] = mean
      squares[index] = square
      values[index] = value - stepSize * mean / (square.vectorizableRoot * rootScale + epsilon)
    }
  }
}
