import SparseKernels
import TensorCore

/// The expected output of a case, and how far from it a right result may be.
package struct Verification {
  private let problem: ConvProblem
  private let expected: [Float]
  private let expectedMaximum: Float
  /// Per output channel.
  private let bounds: [Float]

  /// Computes the expected output with the reference kernel.
  package init(_ item: BenchCase, input: Tensor, context: ComputeContext) throws {
    problem = item.problem
    var output = Tensor(repeating: .nan, shape: problem.outputShape)
    try ReferenceConvKernel().prepare(problem, weights: item.weights).forward(input, into: &output, context: context)
    expected = output.values
    expectedMaximum = expected.reduce(0) { max($0, abs($1)) }

    // Summing k products in float is off by no more than this on all but contrived data (the bound that XNNPACK's
    // tests use); an index that is off by one is off by about the size of a product, orders of magnitude more.
    let weights = item.weights.matrix
    let largestWeight = weights.values.reduce(0) { max($0, abs($1)) }
    let largestInput = input.values.reduce(0) { max($0, abs($1)) }
    bounds = (0..<problem.outputChannels).map { channel in
      let terms = weights.pattern.entries(ofRow: channel).count
      return 2 * Float.ulpOfOne * Float(terms + 1) * largestWeight * largestInput
    }
  }

  /// What the comparison of an output with the expected one says.
  package enum Verdict: Equatable {
    /// Right; the largest error as a fraction of the largest expected magnitude.
    case right(maxRelativeError: Double)
    /// Wrong, with the worst element.
    case wrong(String)
  }

  package func verdict(on output: Tensor) -> Verdict {
    var worst: (excess: Float, index: Int)?
    var largestError: Float = 0
    output.withUnsafeBufferPointer { output in
      for index in expected.indices {
        let error = abs(output[index] - expected[index])
        let excess = error.isNaN ? .infinity : error - bounds[channel(of: index)]
        if excess > max(0, worst?.excess ?? 0) { worst = (excess, index) }
        largestError = max(largestError, error)
      }
    }
    guard let worst else {
      return .right(maxRelativeError: largestError == 0 ? 0 : Double(largestError / expectedMaximum))
    }
    let place = position(of: worst.index)
    return .wrong(
      "output \(place) is \(output[flat: worst.index]), expected \(expected[worst.index]) within \(bounds[channel(of: worst.index)])"
    )
  }

  private func channel(of index: Int) -> Int {
    index / problem.outputPixels % problem.outputChannels
  }

  private func position(of index: Int) -> [Int] {
    let pixel = index % problem.outputPixels
    return [
      index / problem.outputPixels / problem.outputChannels, channel(of: index), pixel / problem.outputSize.width,
      pixel % problem.outputSize.width,
    ]
  }
}
