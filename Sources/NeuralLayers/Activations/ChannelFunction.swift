import SparseKernels
import TensorCore

/// A function of a row of channels, the second dimension of a tensor: a row is an example, or a pixel of it.
protocol ChannelFunction {
  /// What a profile calls it.
  static var name: String { get }

  /// Writes the function of a row; channels are `step` apart.
  static func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, channels: Int, step: Int)

  /// Writes the gradient of a row's input from the row's output and the gradient of that; `destination` may be `source`.
  static func gradient(
    _ y: UnsafePointer<Float>, _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>,
    channels: Int, step: Int)
}

extension ChannelFunction {
  /// Computes the function of each row, and records its gradient.
  ///
  /// - Precondition: the input has two dimensions or more.
  static func apply(to input: Variable) -> Variable {
    let (tape, shape) = (input.tape, input.shape)
    precondition(shape.rank >= 2, "\(name): input has shape \(shape), expected [batch, channels, ...]")
    let channels = shape[1]
    let inner = shape.dimensions.dropFirst(2).reduce(1, *)
    let count = shape[0] * inner
    let output = tape.output(name, shape, of: input.value) { input, output in
      tape.context.compute(
        ChannelJob<Self>(count: count, channels: channels, inner: inner, input: input, output: output))
    }
    guard let node = input.node else { return tape.input(output) }
    return tape.variable(output, name, needsGradient: true) { gradient in
      gradient.rewrite(pool: tape.pool) { source, destination in
        output.withStart {
          tape.context.compute(
            ChannelGradientJob<Self>(
              count: count, channels: channels, inner: inner, output: $0, source: source, destination: destination))
        }
      }
      tape.addGradient(gradient, to: node)
    }
  }
}

/// A job over rows of channels.
private protocol ChannelRows: SpanJob {
  var channels: Int { get }
  var inner: Int { get }
}

extension ChannelRows {
  static var spanLength: Int { 1024 }

  func start(ofRow row: Int) -> Int { row / inner * channels * inner + row % inner }
}

private struct ChannelJob<Function: ChannelFunction>: ChannelRows {
  let count: Int
  let channels: Int
  let inner: Int
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    for row in span {
      let start = start(ofRow: row)
      Function.apply(input + start, output + start, channels: channels, step: inner)
    }
  }
}

private struct ChannelGradientJob<Function: ChannelFunction>: ChannelRows {
  let count: Int
  let channels: Int
  let inner: Int
  let output: UnsafePointer<Float>
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    for row in span {
      let start = start(ofRow: row)
      Function.gradient(output + start, source + start, destination + start, channels: channels, step: inner)
    }
  }
}
