import SparseKernels
import TensorCore

/// How far from the expected result each element of a right one may be.
///
/// Summing k products in float is off by no more than `2 * eps * (k + 1)` times the largest product on all but contrived
/// data (the bound that XNNPACK's tests use); an index that is off by one is off by about the size of a product, orders of
/// magnitude more.
struct ErrorBounds: Sendable {
  /// One per channel of the result; a weight gradient has one for all.
  private let bounds: [Float]
  private let planeElementCount: Int

  init(_ problem: ConvProblem, weights: ConvWeights, operands: PassOperands) {
    let pattern = weights.matrix.pattern
    let largestWeight = weights.matrix.values.reduce(0) { max($0, abs($1)) }
    switch operands {
    case .forward(let input):
      let terms = (0..<problem.outputChannels).map { pattern.entries(ofRow: $0).count }
      bounds = terms.map { Self.bound(termCount: $0, largestProduct: largestWeight * Self.largest(input)) }
      planeElementCount = problem.outputPixels
    case .inputGradient(let outputGradient):
      let terms = Self.weightCounts(ofInputChannelsOf: problem, pattern)
      bounds = terms.map { Self.bound(termCount: $0, largestProduct: largestWeight * Self.largest(outputGradient)) }
      planeElementCount = problem.inputPixels
    case .weightGradient(let input, let outputGradient):
      bounds = [
        Self.bound(
          termCount: problem.batch * problem.outputPixels,
          largestProduct: Self.largest(input) * Self.largest(outputGradient))
      ]
      planeElementCount = 1
    }
  }

  /// The bound of an element, by its flat index.
  subscript(index: Int) -> Float { bounds[index / planeElementCount % bounds.count] }

  private static func bound(termCount: Int, largestProduct: Float) -> Float {
    2 * Float.ulpOfOne * Float(termCount + 1) * largestProduct
  }

  private static func largest(_ tensor: Tensor) -> Float {
    tensor.withUnsafeBufferPointer { $0.reduce(0) { max($0, abs($1)) } }
  }

  /// The stored weights that multiply each input channel, counted through all groups.
  private static func weightCounts(ofInputChannelsOf problem: ConvProblem, _ pattern: SparsityPattern) -> [Int] {
    var counts = [Int](repeating: 0, count: problem.inputChannels)
    let taps = problem.kernelSize.height * problem.kernelSize.width
    for row in 0..<pattern.rows {
      let firstChannel = row / problem.outputChannelsPerGroup * problem.inputChannelsPerGroup
      for entry in pattern.entries(ofRow: row) { counts[firstChannel + Int(pattern.columnIndices[entry]) / taps] += 1 }
    }
    return counts
  }
}
