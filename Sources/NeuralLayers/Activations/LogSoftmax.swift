import Foundation
import TensorCore

/// `x - log(sum of exp(x))` over the channels, the second dimension: the logarithm of ``Softmax``, finite where that is 0.
public struct LogSoftmax: Layer {
  /// Creates the layer.
  public init() {}

  /// Computes the function of each row of channels.
  ///
  /// - Precondition: the input has two dimensions or more.
  public func callAsFunction(_ input: Variable) -> Variable {
    let (tape, shape) = (input.tape, input.shape)
    precondition(shape.rank >= 2, "LogSoftmax: input has shape \(shape), expected [batch, channels, ...]")
    let channels = shape[1]
    let inner = shape.dimensions.dropFirst(2).reduce(1, *)
    let output = tape.output("LogSoftmax", shape, of: input.value) { input, output in
      tape.context.compute(
        LogSoftmaxJob(count: shape[0] * inner, channels: channels, inner: inner, input: input, output: output))
    }
    guard let node = input.node else { return tape.input(output) }
    return tape.variable(output, "LogSoftmax", needsGradient: true) { gradient in
      gradient.rewrite(pool: tape.pool) { source, destination in
        output.withStart {
          tape.context.compute(
            LogSoftmaxGradientJob(
              count: shape[0] * inner, channels: channels, inner: inner, output: $0, source: source,
              destination: destination))
        }
      }
      tape.addGradient(gradient, to: node)
    }
  }
}

private struct LogSoftmaxJob: ChannelRows {
  let count: Int
  let channels: Int
  let inner: Int
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    for row in span {
      let (x, y) = (input + start(ofRow: row), output + start(ofRow: row))
      var largest = -Float.infinity
      for channel in 0..<channels { largest = max(largest, x[channel * inner]) }
      var sum = 0.0
      for channel in 0..<channels {
        sum += Double(Lanes.exponential(of: Lanes(repeating: x[channel * inner] - largest))[0])
      }
      // Less the largest first: the difference of two large logits is exact.
      let rest = log(sum)
      for channel in 0..<channels { y[channel * inner] = Float(Double(x[channel * inner] - largest) - rest) }
    }
  }
}

/// `x' = g - exp(y) * sum of g`.
private struct LogSoftmaxGradientJob: ChannelRows {
  let count: Int
  let channels: Int
  let inner: Int
  let output: UnsafePointer<Float>
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    for row in span {
      let start = start(ofRow: row)
      var total = 0.0
      for channel in 0..<channels { total += Double(source[start + channel * inner]) }
      for channel in 0..<channels {
        let place = start + channel * inner
        let probability = Double(Lanes.exponential(of: Lanes(repeating: output[place]))[0])
        destination[place] = Float(Double(source[place]) - probability * total)
      }
    }
  }
}
