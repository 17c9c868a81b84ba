import Foundation
import TensorCore

/// `x - log(sum of exp(x))` over the channels, the second dimension: the logarithm of ``Softmax``, finite where that is 0.
public struct LogSoftmax: Layer, ChannelFunction {
  static let name = "LogSoftmax"

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
      sum += Double(Lanes.exponential(of: Lanes(repeating: x[channel * step] - largest))[0])
    }
    // Less the largest first: the difference of two large logits is exact.
    let rest = log(sum)
    for channel in 0..<channels { y[channel * step] = Float(Double(x[channel * step] - largest) - rest) }
  }

  /// `x' = g - exp(y) * sum of g`.
  static func gradient(
    _ y: UnsafePointer<Float>, _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>,
    channels: Int, step: Int
  ) {
    var total = 0.0
    for channel in 0..<channels { total += Double(source[channel * step]) }
    for channel in 0..<channels {
      let place = channel * step
      let probability = Double(Lanes.exponential(of: Lanes(repeating: y[place]))[0])
      destination[place] = Float(Double(source[place]) - probability * total)
    }
  }
}
