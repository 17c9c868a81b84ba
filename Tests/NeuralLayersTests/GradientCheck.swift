import SparseKernels
import TensorCore
import Testing

@testable import NeuralLayers

/// A layer's gradients against finite differences in `Double` of a forward function that is written here, from the formula.
///
/// The loss is `sum of r * output` for random `r`, so that a gradient that is right for it is right for every loss.
enum GradientCheck {
  typealias Reference = (_ inputs: [[Double]]) -> [Double]

  /// A result may be off by this share of the largest gradient: rounding of sums of up to some thousand products in `Float`, each
  /// with 6e-8, and the error of the differences, which at a step of 1e-5 in `Double` is far below.
  static let share = 2e-5

  /// Checks output and gradients.
  ///
  /// - Parameters:
  ///   - inputs: each is watched.
  ///   - parameters: whose gradients are checked too; they are given to the reference behind the inputs.
  ///   - layer: computes the output on a tape.
  ///   - reference: computes it from the inputs and parameters.
  static func run(
    _ inputs: [Tensor], parameters: [Parameter] = [], threadCount: Int = 2,
    sourceLocation: SourceLocation = #_sourceLocation,
    layer: ([Variable]) throws -> Variable, reference: Reference
  ) throws {
    let tape = Tape(context: ComputeContext(threadCount: threadCount))
    let variables = inputs.map { tape.watchedInput($0) }
    let output = try layer(variables)
    var generator = SeededGenerator(seed: 77)
    let factors = (0..<output.value.count).map { _ in generator.nextFloat(in: -1..<1) }
    try tape.backward(from: output.weightedSum(factors))
    let points = (inputs.map(\.values) + parameters.map(\.values)).map { $0.map(Double.init) }
    compare("output", output.value.values, reference(points), sourceLocation)
    func loss(_ points: [[Double]]) -> Double {
      zip(reference(points), factors).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    for index in points.indices {
      let got =
        index < inputs.count
        ? try #require(tape.gradient(of: variables[index])).values : parameters[index - inputs.count].gradient
      let want = points[index].indices.map { element -> Double in
        var (above, below) = (points, points)
        above[index][element] += 1e-5
        below[index][element] -= 1e-5
        return (loss(above) - loss(below)) / 2e-5
      }
      let name = index < inputs.count ? "input \(index)" : "parameter \(index - inputs.count)"
      compare("gradient of \(name)", got, want, sourceLocation)
    }
  }

  static func compare(_ what: String, _ got: [Float], _ want: [Double], _ sourceLocation: SourceLocation) {
    #expect(got.count == want.count, "\(what): count", sourceLocation: sourceLocation)
    let largest = want.reduce(1) { max($0, abs($1)) }
    let worst = zip(got, want).enumerated().max { error($0.element) < error($1.element) }
    guard let worst else { return }
    #expect(
      error(worst.element) <= share * largest,
      "\(what) at \(worst.offset) is \(worst.element.0), expected \(worst.element.1)", sourceLocation: sourceLocation)
  }

  private static func error(_ pair: (Float, Double)) -> Double {
    let error = abs(Double(pair.0) - pair.1)
    return error.isNaN ? .infinity : error
  }
}

extension Variable {
  /// `sum of factors * value` as a scalar on the tape.
  func weightedSum(_ factors: [Float]) -> Variable {
    let sum = zip(value.values, factors).reduce(0) { $0 + $1.0 * $1.1 }
    let (tape, node, shape) = (tape, node, shape)
    return tape.variable(Tensor([sum], shape: []), "WeightedSum", needsGradient: node != nil) { gradient in
      let scale = gradient[flat: 0]
      guard let node else { return }
      tape.addGradient(Tensor(factors.map { $0 * scale }, shape: shape), to: node)
    }
  }
}

extension Tensor {
  /// Random numbers no two of which are within 1e-3, nor near 0: no finite difference steps over the corner of a ReLU or a maximum.
  static func distinct(_ shape: Shape, seed: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: seed)
    let count = shape.elementCount
    var values = (0..<count).map { (Float($0) + 0.5 - Float(count) / 2) / Float(max(count, 8)) * 4 + 0.001 }
    values.shuffle(using: &generator)
    return Tensor(values, shape: shape)
  }
}
