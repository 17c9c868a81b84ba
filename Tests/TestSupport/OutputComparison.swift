import SparseKernels
import TensorCore

/// Compares what a kernel computed with what it should have.
package enum OutputComparison {
  /// What is wrong with an output of a convolution of random weights and inputs, or nil.
  ///
  /// An element may be off by `2 * eps * (k + 1) * max|w| * max|x|`, where `k` counts the weights stored for its output
  /// channel: the rounding of `k` products and sums in `Float`, as XNNPACK's tests bound it; times the kernel's own
  /// ``PreparedConv/errorGrowth``, which is 1 unless it multiplies something else. The bias is one more term,
  /// whose rounding is at most `eps` times the largest intermediate sum, the residual likewise another; activations never
  /// grow a difference.
  package static func fault(
    _ got: [Float], _ want: [Double], problem: ConvProblem, weights: CSRMatrix, largestInput: Float,
    epilogue: ConvEpilogue, errorGrowth: Float
  ) -> String? {
    let largestWeight = weights.values.reduce(0) { max($0, abs($1)) }
    let largestResidual = (epilogue.residual?.values ?? []).reduce(0) { max($0, abs($1)) }
    let bounds = (0..<problem.outputChannels).map { channel in
      let terms = Double(weights.pattern.entries(ofRow: channel).count + 1)
      let product = Double(largestWeight * largestInput) * Double(errorGrowth)
      let added = Double(abs(epilogue.bias?[channel] ?? 0)) + Double(largestResidual)
      return 2 * Double(Float.ulpOfOne) * (terms * product + added)
    }
    return fault(got, want, problem: problem) { bounds[$0] }
  }

  /// What is wrong with an output that must be exact, or nil.
  package static func inexactness(_ got: [Float], _ want: [Double], problem: ConvProblem) -> String? {
    fault(got, want, problem: problem) { _ in 0 }
  }

  private static func fault(
    _ got: [Float], _ want: [Double], problem: ConvProblem, bound: (_ channel: Int) -> Double
  ) -> String? {
    if got.count != want.count { return "\(problem): \(got.count) elements, expected \(want.count)" }
    var worst: (excess: Double, index: Int)?
    for index in got.indices {
      let error = abs(Double(got[index]) - want[index])
      let allowed = bound(index / problem.outputPixels % problem.outputChannels)
      let excess = error.isNaN ? .infinity : error - allowed
      if excess > max(0, worst?.excess ?? 0) { worst = (excess, index) }
    }
    guard let index = worst?.index else { return nil }
    let (plane, pixel) = index.quotientAndRemainder(dividingBy: problem.outputPixels)
    let place = [
      plane / problem.outputChannels, plane % problem.outputChannels, pixel / problem.outputSize.width,
      pixel % problem.outputSize.width,
    ]
    let allowed = bound(plane % problem.outputChannels)
    return "\(problem): output \(place) is \(got[index]), expected \(want[index]) within \(allowed)"
  }
}
