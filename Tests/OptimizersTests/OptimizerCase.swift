import Foundation
import Optimizers
import Testing

/// An optimizer and its formula for one weight, written from the papers and PyTorch's documentation.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
  typealias Formula =
    @Sendable (
      _ x: inout BoundedNumber, _ g: BoundedNumber, _ slots: inout [String: BoundedNumber], _ t: Int, _ rate: Double
    ) -> Void

  let title: String
  let optimizer: any Optimizer
  let slots: [String]
  let formula: Formula

  var testDescription: String { title }

  static let all: [OptimizerCase] = {
    var cases = [
      sgd(), sgd(decay: 0.01), sgd(momentum: 0.9), sgd(momentum: 0.9, decay: 0.01),
      sgd(momentum: 0.9, dampening: 0.3, decay: 0.01), sgd(momentum: 0.8, nesterov: true, decay: 0.01),
      sgd(momentum: 0.8, dampening: 0.3, nesterov: true), adamW(decay: 0.01), adamW(decay: 0),
      adagrad(rateDecay: 0, decay: 0), adagrad(rateDecay: 0.1, decay: 0.01),
    ]
    for correction in [Adam.BiasCorrection.full, .rateOnly, .none] {
      cases += [adam(correction, epsilon: 1e-8, decay: 0), adam(correction, epsilon: 1e-3, decay: 0.01)]
    }
    for centered in [false, true] {
      for momentum in [0, 0.9] {
        for decay in [0, 0.01] { cases.append(rmsprop(centered: centered, momentum: momentum, decay: decay)) }
      }
    }
    return cases
  }()

  private static func n(_ value: Double) -> BoundedNumber { BoundedNumber(value) }

  private static func sgd(
    momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false, decay: Double = 0
  ) -> OptimizerCase {
    OptimizerCase(
      title: "SGD momentum \(momentum) dampening \(dampening) nesterov \(nesterov) decay \(decay)",
      optimizer: SGD(momentum: momentum, dampening: dampening, nesterov: nesterov, weightDecay: decay),
      slots: momentum == 0 ? [] : ["momentum_buffer"]
    ) { x, g, slots, t, rate in
      let gradient = g + n(decay) * x
      if momentum == 0 {
        x = x - n(rate) * gradient
        return
      }
      let old = slots["momentum_buffer"] ?? BoundedNumber(exactly: 0)
      let new = t == 1 ? n(momentum) * old + gradient : n(momentum) * old + n(1 - dampening) * gradient
      slots["momentum_buffer"] = new
      x = x - n(rate) * (nesterov ? gradient + n(momentum) * new : new)
    }
  }

  private static func adamMeans(
    _ gradient: BoundedNumber, _ slots: inout [String: BoundedNumber], _ beta1: Double, _ beta2: Double
  ) -> (BoundedNumber, BoundedNumber) {
    let zero = BoundedNumber(exactly: 0)
    let mean = n(beta1) * (slots["exp_avg"] ?? zero) + n(1 - beta1) * gradient
    let square = n(beta2) * (slots["exp_avg_sq"] ?? zero) + n(1 - beta2) * (gradient * gradient)
    slots = ["exp_avg": mean, "exp_avg_sq": square]
    return (mean, square)
  }

  private static func adam(_ correction: Adam.BiasCorrection, epsilon: Double, decay: Double) -> OptimizerCase {
    OptimizerCase(
      title: "Adam correction \(correction) epsilon \(epsilon) decay \(decay)",
      optimizer: Adam(
        beta1: 0.85, beta2: 0.99, epsilon: epsilon, biasCorrection: correction, weightDecay: decay),
      slots: ["exp_avg", "exp_avg_sq"]
    ) { x, g, slots, t, rate in
      let (mean, square) = adamMeans(g + n(decay) * x, &slots, 0.85, 0.99)
      let rest1 = 1 - pow(0.85, Double(t))
      let rest2 = 1 - pow(0.99, Double(t))
      switch correction {
      case .full: x = x - n(rate) * (mean / n(rest1)) / ((square / n(rest2)).squareRoot() + n(epsilon))
      case .rateOnly: x = x - n(rate * rest2.squareRoot() / rest1) * mean / (square.squareRoot() + n(epsilon))
      case .none: x = x - n(rate) * mean / (square.squareRoot() + n(epsilon))
      }
    }
  }

  private static func adamW(decay: Double) -> OptimizerCase {
    OptimizerCase(
      title: "AdamW decay \(decay)", optimizer: AdamW(weightDecay: decay), slots: ["exp_avg", "exp_avg_sq"]
    ) { x, g, slots, t, rate in
      let (mean, square) = adamMeans(g, &slots, 0.9, 0.999)
      let corrected = mean / n(1 - pow(0.9, Double(t)))
      let root = (square / n(1 - pow(0.999, Double(t)))).squareRoot()
      x = n(1 - rate * decay) * x - n(rate) * corrected / (root + n(1e-8))
    }
  }

  private static func rmsprop(centered: Bool, momentum: Double, decay: Double) -> OptimizerCase {
    OptimizerCase(
      title: "RMSprop centered \(centered) momentum \(momentum) decay \(decay)",
      optimizer: RMSprop(alpha: 0.95, epsilon: 1e-6, momentum: momentum, centered: centered, weightDecay: decay),
      slots: ["square_avg"] + (centered ? ["grad_avg"] : []) + (momentum == 0 ? [] : ["momentum_buffer"])
    ) { x, g, slots, _, rate in
      let zero = BoundedNumber(exactly: 0)
      let gradient = g + n(decay) * x
      var square = n(0.95) * (slots["square_avg"] ?? zero) + n(0.05) * (gradient * gradient)
      slots["square_avg"] = square
      if centered {
        let mean = n(0.95) * (slots["grad_avg"] ?? zero) + n(0.05) * gradient
        slots["grad_avg"] = mean
        square = square - mean * mean
      }
      var change = gradient / (square.squareRoot() + n(1e-6))
      if momentum > 0 {
        change = n(momentum) * (slots["momentum_buffer"] ?? zero) + change
        slots["momentum_buffer"] = change
      }
      x = x - n(rate) * change
    }
  }

  private static func adagrad(rateDecay: Double, decay: Double) -> OptimizerCase {
    OptimizerCase(
      title: "Adagrad rate decay \(rateDecay) decay \(decay)",
      optimizer: Adagrad(learningRateDecay: rateDecay, weightDecay: decay), slots: ["sum"]
    ) { x, g, slots, t, rate in
      let gradient = g + n(decay) * x
      let sum = (slots["sum"] ?? BoundedNumber(exactly: 0)) + gradient * gradient
      slots["sum"] = sum
      x = x - n(rate / (1 + Double(t - 1) * rateDecay)) * gradient / (sum.squareRoot() + n(1e-10))
    }
  }
}
