import TensorCore

// One line of formula each: the layers without parameters that act on every element by itself.

/// `max(x, 0)`; NaN stays NaN, and the derivative at 0 is 0.
public struct ReLU: Layer {
  /// Creates the layer.
  public init() {}

  /// Computes the function of each element.
  public func callAsFunction(_ input: Variable) -> Variable { Function().apply(to: input) }

  private struct Function: ActivationFunction {
    static let name = "ReLU"
    func callAsFunction(_ x: Lanes) -> Lanes { x.replacing(with: 0, where: x .< 0) }
    func derivative(_ y: Lanes) -> Lanes { Lanes(repeating: 1).replacing(with: 0, where: y .<= 0) }
  }
}

/// `x`, or `slope * x` if `x` is negative; the derivative at 0 is the slope.
///
/// Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.
public struct LeakyReLU: Layer {
  /// The slope of the negative half, more than 0.
  public let slope: Float

  /// Creates the layer.
  ///
  /// - Precondition: `slope > 0`, since the sign of the output must be that of the input.
  public init(slope: Float = 0.01) {
    precondition(slope > 0, "LeakyReLU: slope \(slope), expected more than 0")
    self.slope = slope
  }

  /// Computes the function of each element.
  public func callAsFunction(_ input: Variable) -> Variable { Function(slope: slope).apply(to: input) }

  private struct Function: ActivationFunction {
    static let name = "LeakyReLU"
    let slope: Float
    func callAsFunction(_ x: Lanes) -> Lanes { x.replacing(with: x * slope, where: x .< 0) }
    func derivative(_ y: Lanes) -> Lanes { Lanes(repeating: 1).replacing(with: slope, where: y .<= 0) }
  }
}

/// `x * sigmoid(x)`.
///
/// Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units for neural network function approximation in reinforcement
/// learning", Neural Networks 107, 2018, <https://arxiv.org/abs/1702.03118>.
public struct SiLU: Layer {
  /// Creates the layer.
  public init() {}

  /// Computes the function of each element.
  public func callAsFunction(_ input: Variable) -> Variable { Function().apply(to: input) }

  private struct Function: ActivationFunction {
    static let name = "SiLU"
    static let keepsInput = true
    func callAsFunction(_ x: Lanes) -> Lanes { x * .logistic(of: x) }
    func derivative(_ x: Lanes) -> Lanes {
      let logistic = Lanes.logistic(of: x)
      return logistic + x * logistic * (1 - logistic)
    }
  }
}

/// `1 / (1 + exp(-x))`.
public struct Sigmoid: Layer {
  /// Creates the layer.
  public init() {}

  /// Computes the function of each element.
  public func callAsFunction(_ input: Variable) -> Variable { Function().apply(to: input) }

  private struct Function: ActivationFunction {
    static let name = "Sigmoid"
    func callAsFunction(_ x: Lanes) -> Lanes { .logistic(of: x) }
    func derivative(_ y: Lanes) -> Lanes { y * (1 - y) }
  }
}

/// The hyperbolic tangent.
public struct Tanh: Layer {
  /// Creates the layer.
  public init() {}

  /// Computes the function of each element.
  public func callAsFunction(_ input: Variable) -> Variable { Function().apply(to: input) }

  private struct Function: ActivationFunction {
    static let name = "Tanh"

    // 1 - 2 / (exp(2 |x|) + 1) with the sign of x loses digits near 0, where the series to x^9 is exact to rounding.
    func callAsFunction(_ x: Lanes) -> Lanes {
      let size = x.replacing(with: -x, where: x .< 0)
      let far = 1 - 2 / (Lanes.exponential(of: 2 * size) + 1)
      let square = x * x
      var series = square * 0.021_869_488 - 0.053_968_254
      series = series * square + 0.133_333_33
      series = series * square - 0.333_333_33
      let near = size + size * (series * square)
      let result = far.replacing(with: near, where: size .< 0.3)
      return result.replacing(with: -result, where: x .< 0)
    }

    func derivative(_ y: Lanes) -> Lanes { 1 - y * y }
  }
}
