import TensorCore

/// `exp(x) / sum of exp(x)` over the channels, the second dimension: of `[batch, classes]` or `[batch, channels, height, width]`.
///
/// For training from logits use ``CrossEntropyLoss``, which is more exact and cheaper.
public struct Softmax: Layer, ChannelFunction {
  static let name = "Softmax"

  /// Creates the layer.
  public init() {}

  /// Computes the function of each row of channels.
  ///
  /// - Precondition: the input has two dimensions or more.
  public func callAsFunction(_ input: Variable) -> Variable { Self.apply(to: input) }

  static func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, channels: Int, step: Int) {
    var largest = -Float.infinity
    for channel in 0..<channels { largest = max(largest, x[channel * step]) }
    var sum = 0.0
    for channel in 0..<channels {
      let power = Lanes.exponential(of: Lanes(repeating: x[channel * step] - largest))[0]
      y[channel * step] = power
      sum += Double(power)
    }
    for channel in 0..<channels { y[channel * step] = Float(Double(y[channel * step]) / sum) }
  }

  /// `x' = y * (g - sum of g y)`.
  static func gradient(
    _ y: UnsafePointer<Float>, _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>,
    channels: Int, step: Int
  ) {
    var product = 0.0
    for channel in 0..<channels { product += Double(source[channel * step]) * Double(y[channel * step]) }
    for channel in 0..<channels {
      let place = channel * step
      destination[place] = Float(Double(y[place]) * (Double(source[place]) - product))
    }
  }
}
