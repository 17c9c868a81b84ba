import SparseKernels

/// For layers that are pruned while they train: `dense` while much is stored, `direct` from then on.
///
/// Which of them computes follows from the pattern alone, so that a run is the same every time. Both have gradients at the stored
/// positions only.
public struct DensityConvKernel: ConvKernel {
  /// `dense-or-direct`.
  public var name: String { "dense-or-direct" }

  /// The largest density that `direct` is taken for.
  public let threshold: Double

  /// Creates the kernel.
  ///
  /// - Parameter threshold: a density in 0...1; by default where a training step of `direct` overtakes one of `dense`.
  public init(threshold: Double = 0.6) {
    precondition((0...1).contains(threshold), "DensityConvKernel: threshold \(threshold), expected 0...1")
    self.threshold = threshold
  }

  /// True: above the threshold zeros are multiplied too.
  public var isDense: Bool { true }

  /// Supported where both are.
  public func support(for problem: ConvProblem) -> KernelSupport {
    let dense = DenseConvKernel().support(for: problem)
    return dense == .supported ? DirectConvKernel().support(for: problem) : dense
  }

  /// Prepares the one of the two that fits the density.
  public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    try weights.matrix.pattern.density > threshold
      ? DenseConvKernel().prepare(problem, weights: weights) : DirectConvKernel().prepare(problem, weights: weights)
  }
}
