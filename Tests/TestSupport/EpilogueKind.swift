import SparseKernels
import TensorCore

/// The epilogues that kernels are tested with: each part alone, and as networks combine them.
package enum EpilogueKind: CaseIterable, Sendable {
  case none, biasAndReLU, clamp, residual, biasResidualAndReLU, biasResidualAndClamp

  private var hasBias: Bool {
    switch self {
    case .biasAndReLU, .biasResidualAndReLU, .biasResidualAndClamp: true
    case .none, .clamp, .residual: false
    }
  }

  private var hasResidual: Bool {
    switch self {
    case .residual, .biasResidualAndReLU, .biasResidualAndClamp: true
    case .none, .biasAndReLU, .clamp: false
    }
  }

  /// The epilogue for a problem.
  ///
  /// - Parameters:
  ///   - bounds: of the clamp.
  ///   - number: makes the numbers of bias and residual.
  func epilogue(
    for problem: ConvProblem, bounds: ClosedRange<Float>, number: () -> Float
  ) -> ConvEpilogue {
    let shape = problem.outputShape
    let activation: Activation =
      switch self {
      case .none, .residual: .identity
      case .biasAndReLU, .biasResidualAndReLU: .relu
      case .clamp, .biasResidualAndClamp: .clamp(lower: bounds.lowerBound, upper: bounds.upperBound)
      }
    return ConvEpilogue(
      bias: hasBias ? (0..<problem.outputChannels).map { _ in number() } : nil,
      residual: hasResidual ? Tensor((0..<shape.elementCount).map { _ in number() }, shape: shape) : nil,
      activation: activation)
  }
}
