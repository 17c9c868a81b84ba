import Foundation
import TensorCore

/// How weights begin: random numbers of mean 0, whose spread follows from the number of a layer's inputs or outputs.
///
/// Of a sparse layer only the stored inputs count, so that its outputs begin as large as a dense layer's.
public struct Initializer: Hashable, Sendable {
  /// What numbers are spread over.
  public enum Distribution: Hashable, Sendable {
    /// Evenly, over an interval around 0.
    case uniform
    /// Normally.
    case normal
  }

  private enum Fan: Hashable { case input, output, mean }

  private var distribution: Distribution
  private var fan: Fan
  /// The variance times the fan.
  private var scale: Double

  /// Variance `2 / inputs`, which keeps the size of activations through ReLUs.
  ///
  /// He et al., "Delving deep into rectifiers", ICCV 2015, <https://arxiv.org/abs/1502.01852>.
  public static func kaiming(_ distribution: Distribution = .normal) -> Initializer {
    Initializer(distribution: distribution, fan: .input, scale: 2)
  }

  /// Variance `2 / outputs`, which keeps the size of gradients through ReLUs, as ResNets begin.
  public static func kaimingOutputs(_ distribution: Distribution = .normal) -> Initializer {
    Initializer(distribution: distribution, fan: .output, scale: 2)
  }

  /// Variance `2 / (inputs + outputs)`.
  ///
  /// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
  public static func xavier(_ distribution: Distribution = .uniform) -> Initializer {
    Initializer(distribution: distribution, fan: .mean, scale: 1)
  }

  /// Evenly within `1 / sqrt(inputs)`, which is what PyTorch's layers begin with.
  public static let inverseRoot = Initializer(distribution: .uniform, fan: .input, scale: 1.0 / 3)

  /// Random numbers.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - shape: the dense tensor's: outputs, inputs of a group, kernel.
  ///   - density: the fraction that is stored.
  func values(count: Int, shape: Shape, density: Double, using generator: inout SeededGenerator) -> [Float] {
    let taps = shape.dimensions.dropFirst(2).reduce(1, *)
    let (inputs, outputs) = (Double(shape[1] * taps) * density, Double(shape[0] * taps) * density)
    let fan =
      switch fan {
      case .input: inputs
      case .output: outputs
      case .mean: (inputs + outputs) / 2
      }
    let deviation = (scale / max(fan, 1)).squareRoot()
    switch distribution {
    case .uniform:
      let bound = Float(deviation * 3.0.squareRoot())
      return (0..<count).map { _ in generator.nextFloat(in: -bound..<bound) }
    case .normal:
      return (0..<count).map { _ in Float(deviation * Self.nextNormal(using: &generator)) }
    }
  }

  /// A normal number by the method of Box and Muller (Annals of Mathematical Statistics 29, 1958).
  private static func nextNormal(using generator: inout SeededGenerator) -> Double {
    let radius = (-2 * log(1 - Double(generator.nextUnit()))).squareRoot()
    return radius * cos(2 * .pi * Double(generator.nextUnit()))
  }
}
