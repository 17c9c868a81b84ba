import SparseKernels
import TensorCore

/// A function of one number with a derivative, computed eight numbers at a time.
///
/// A struct of constants, so that its loops are compiled for each function.
protocol ActivationFunction: Sendable {
  /// What a profile calls it.
  static var name: String { get }

  /// Whether the derivative is computed from the input; if not, it is from the output, which the next layer mostly keeps anyway.
  static var keepsInput: Bool { get }

  func callAsFunction(_ x: Lanes) -> Lanes

  /// The derivative, given the input or the output; see ``keepsInput``.
  func derivative(_ kept: Lanes) -> Lanes
}

extension ActivationFunction {
  static var keepsInput: Bool { false }

  /// Computes the function of every element, and records its derivative.
  func apply(to input: Variable) -> Variable {
    let tape = input.tape
    let output = tape.output(Self.name, input.shape, of: input.value) { source, output in
      tape.context.compute(
        ActivationJob(function: self, count: input.value.count, source: source, destination: output))
    }
    guard let node = input.node else { return tape.input(output) }
    let kept = Self.keepsInput ? input.value : output
    return tape.variable(output, Self.name, needsGradient: true) { gradient in
      gradient.rewrite(pool: tape.pool) { source, destination in
        kept.withStart {
          tape.context.compute(
            ActivationGradientJob(
              function: self, count: kept.count, kept: $0, source: source, destination: destination))
        }
      }
      tape.addGradient(gradient, to: node)
    }
  }
}

private struct ActivationJob<Function: ActivationFunction>: SpanJob {
  let function: Function
  let count: Int
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    var index = span.lowerBound
    while index + Lanes.count <= span.upperBound {
      function(.load(source + index)).store(destination + index)
      index += Lanes.count
    }
    while index < span.upperBound {
      destination[index] = function(Lanes(repeating: source[index]))[0]
      index += 1
    }
  }
}

/// Source and destination are one or do not overlap.
private struct ActivationGradientJob<Function: ActivationFunction>: SpanJob {
  let function: Function
  let count: Int
  let kept: UnsafePointer<Float>
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    var index = span.lowerBound
    while index + Lanes.count <= span.upperBound {
      (Lanes.load(source + index) * function.derivative(.load(kept + index))).store(destination + index)
      index += Lanes.count
    }
    while index < span.upperBound {
      destination[index] = source[index] * function.derivative(Lanes(repeating: kept[index]))[0]
      index += 1
    }
  }
}
