import SparseKernels
import TensorCore

/// Sets each element to 0 with a probability and divides the others by what is left of 1, in training; does nothing in evaluation.
///
/// Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014. The same seed and number
/// of calls drop the same elements, on any number of threads; the gradient draws the numbers again instead of keeping them.
public final class Dropout: Layer, ModeDependent {
  /// The probability that an element is dropped, in 0..<1.
  public let probability: Float
  /// What the numbers of the next call are made from. It changes with each call in training: save it to go on from there.
  public var state: UInt64
  /// Whether the module is in training, true at first.
  public var isTraining = true

  /// Creates the layer.
  ///
  /// - Precondition: `probability` is in 0..<1.
  public init(probability: Float = 0.5, seed: UInt64) {
    precondition((0..<1).contains(probability), "Dropout: probability \(probability), expected 0..<1")
    self.probability = probability
    state = seed
  }

  /// Drops elements in training.
  public func callAsFunction(_ input: Variable) -> Variable {
    if !isTraining || probability == 0 { return input }
    var generator = SeededGenerator(seed: state)
    let seed = generator.next()
    state = generator.next()
    let tape = input.tape
    let (probability, count) = (probability, input.value.count)
    func drop(_ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>) {
      tape.context.compute(
        DropoutJob(
          count: count, source: source, destination: destination, probability: probability, seed: seed))
    }
    let output = tape.output("Dropout", input.shape, of: input.value, drop)
    guard let node = input.node else { return tape.input(output) }
    return tape.variable(output, "Dropout", needsGradient: true) { gradient in
      gradient.rewrite(pool: tape.pool, drop)
      tape.addGradient(gradient, to: node)
    }
  }
}

private struct DropoutJob: SpanJob {
  let count: Int
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  let probability: Float
  let seed: UInt64

  func execute(_ span: Range<Int>) {
    var generator = SeededGenerator(seed: seed ^ UInt64(span.lowerBound))
    let scale = 1 / (1 - probability)
    for index in span {
      destination[index] = generator.nextUnit() < probability ? 0 : source[index] * scale
    }
  }
}
