import SparseKernels
import TensorCore

/// `exp(x) / sum of exp(x)` over the channels, the second dimension: of `[batch, classes]` or `[batch, channels, height, width]`.
///
/// For training from logits use ``CrossEntropyLoss``, which is more exact and cheaper.
public struct Softmax: Layer {
  /// Creates the layer.
  public init() {}

  /// Computes the function of each row of channels.
  ///
  /// - Precondition: the input has two dimensions or more.
  public func callAsFunction(_ input: Variable) -> Variable {
    let (tape, shape) = (input.tape, input.shape)
    precondition(shape.rank >= 2, "Softmax: input has shape \(shape), expected [batch, channels, ...]")
    let channels = shape[1]
    let inner = shape.dimensions.dropFirst(2).reduce(1, *)
    let output = tape.output("Softmax", shape, of: input.value) { input, output in
      tape.context.compute(
        SoftmaxJob(count: shape[0] * inner, channels: channels, inner: inner, input: input, output: output))
    }
    guard let node = input.node else { return tape.input(output) }
    return tape.variable(output, "Softmax", needsGradient: true) { gradient in
      gradient.rewrite(pool: tape.pool) { source, destination in
        output.withStart {
          tape.context.compute(
            SoftmaxGradientJob(
              count: shape[0] * inner, channels: channels, inner: inner, output: $0, source: source,
              destination: destination))
        }
      }
      tape.addGradient(gradient, to: node)
    }
  }
}

private struct SoftmaxJob: ChannelRows {
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
        let power = Lanes.exponential(of: Lanes(repeating: x[channel * inner] - largest))[0]
        y[channel * inner] = power
        sum += Double(power)
      }
      for channel in 0..<channels { y[channel * inner] = Float(Double(y[channel * inner]) / sum) }
    }
  }
}

/// `x' = y * (g - sum of g y)`.
private struct SoftmaxGradientJob: ChannelRows {
  let count: Int
  let channels: Int
  let inner: Int
  let output: UnsafePointer<Float>
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    for row in span {
      let start = start(ofRow: row)
      var product = 0.0
      for channel in 0..<channels {
        let place = start + channel * inner
        product += Double(source[place]) * Double(output[place])
      }
      for channel in 0..<channels {
        let place = start + channel * inner
        destination[place] = Float(Double(output[place]) * (Double(source[place]) - product))
      }
    }
  }
}
