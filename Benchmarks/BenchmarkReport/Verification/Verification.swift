import SparseKernels
import TensorCore

/// The expected result of a pass over a problem, and how far from it a right one may be.
package struct Verification: Sendable {
  private let problem: ConvProblem
  private let weights: ConvWeights
  private let operands: PassOperands
  private let expected: [Float]
  private let expectedMaximum: Float
  private let bounds: ErrorBounds

  /// Computes the expected result with the reference kernel.
  package init(
    _ problem: ConvProblem, weights: ConvWeights, operands: PassOperands, context: ComputeContext
  ) throws {
    let prepared = try ReferenceConvKernel().prepare(problem, weights: weights)
    guard let call = operands.call(of: prepared) else {
      preconditionFailure("Verification: the reference kernel computes forward only, expected every pass")
    }
    var result = operands.emptyResult(problem, weights: weights)
    try call.run(into: &result, context: context)
    self.init(problem, weights: weights, operands: operands, expected: result.values)
  }

  /// Takes an expected result that was computed elsewhere.
  ///
  /// - Parameter expected: as many elements as the pass's result has.
  package init(_ problem: ConvProblem, weights: ConvWeights, operands: PassOperands, expected: [Float]) {
    let shape = operands.resultShape(problem, nnz: weights.matrix.nnz)
    precondition(
      expected.count == shape.elementCount,
      "Verification: \(expected.count) expected elements, expected \(shape.elementCount)")
    self.problem = problem
    self.weights = weights
    self.operands = operands
    self.expected = expected
    expectedMaximum = expected.reduce(0) { max($0, abs($1)) }
    bounds = ErrorBounds(problem, weights: weights, operands: operands)
  }

  /// What the comparison of a result with the expected one says.
  package enum Verdict: Equatable {
    /// Right; the largest error as a fraction of the largest expected magnitude.
    case right(maxRelativeError: Double)
    /// Wrong, with the worst element.
    case wrong(String)
  }

  /// - Parameter errorGrowth: of the convolution that computed the result, see ``PreparedConv/errorGrowth``; that of the
  ///   expected result is to be added where it was not computed in `Double`.
  package func verdict(on result: Tensor, errorGrowth: Float = 1) -> Verdict {
    var worst: (excess: Float, index: Int)?
    var largestError: Float = 0
    result.withUnsafeBufferPointer { result in
      for index in expected.indices {
        let error = abs(result[index] - expected[index])
        let excess = error.isNaN ? .infinity : error - errorGrowth * bounds[index]
        if excess > max(0, worst?.excess ?? 0) { worst = (excess, index) }
        largestError = max(largestError, error)
      }
    }
    guard let worst else {
      return .right(maxRelativeError: largestError == 0 ? 0 : Double(largestError / expectedMaximum))
    }
    return .wrong(
      "\(place(of: worst.index)) is \(result[flat: worst.index]), expected \(expected[worst.index]) within \(errorGrowth * bounds[worst.index])"
    )
  }

  /// An element as a person looks for it, by its flat index.
  private func place(of index: Int) -> String {
    switch operands {
    case .forward: return "output \(Self.position(of: index, in: problem.outputShape))"
    case .inputGradient: return "input gradient \(Self.position(of: index, in: problem.inputShape))"
    case .weightGradient:
      let position = weights.matrix.coordinates()[index]
      let flat = position.row * problem.weightsPerOutputChannel + position.column
      return "weight gradient \(Self.position(of: flat, in: problem.weightShape))"
    }
  }

  private static func position(of index: Int, in shape: Shape) -> [Int] {
    var rest = index
    let reversed = shape.dimensions.reversed().map { extent in
      defer { rest /= extent }
      return rest % extent
    }
    return reversed.reversed()
  }
}
