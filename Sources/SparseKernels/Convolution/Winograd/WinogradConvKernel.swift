import TensorCore

/// Winograd's convolution, `F(2x2, 3x3)` and `F(4x4, 3x3)`, for 3x3 kernels at stride 1 that are not dilated: dense, with 2.25 or
/// 4 times fewer multiplications.
///
/// Windows of 4x4 or 6x6 inputs and the weights are transformed, the products of each of the 16 or 36 elements, summed over input
/// channels, are matrix products by OpenBLAS's sgemm, and the sums are transformed back (`f32_winograd.h`). Blocks of tiles pass
/// through all three steps before the next, so that scratch memory is bounded and stays in a cache.
///
/// `F(4x4)` is taken where it is faster by the work that is left when tiles reach over the edges and products have few
/// columns, and `F(2x2)`, which is more exact, elsewhere and where they are about equal.
///
/// **Error.** Sums of weights are multiplied by sums of inputs, and what is added at the end cancels, so rounding weighs more
/// than in a sum of products. With `A'`, `G` and `B'` the matrices of the transforms, each product of a weight and an input
/// takes part in terms whose magnitudes add up to at most
///
///     growth = (largest over i and v of sum over p of |A'[i][p]| * |G[p][v]| * sum over q of |B'[p][q]|) ^ 2
///
/// times the largest product: 16 for `F(2x2)` and 176 for `F(4x4)` on the points 0, ±5/8, ±3/2 and infinity. (With the usual 0, ±1,
/// ±2 it is 860.) Rounded like a sum of that size, each output is within `2 * eps * (k + 1) * growth * max|weight| * max|input|`
/// of the exact one: ``PreparedConv/errorGrowth``. What is measured stays far below, since the signs of a worst case do not
/// meet (`docs/decisions/0013-winograd.md`). After Lavin and Gray, <https://arxiv.org/abs/1509.09308>, and Barabasz and others,
/// <https://arxiv.org/abs/1803.10986>.
///
/// An infinite or NaN input makes NaN of the outputs that it belongs to, and of others of the tiles that see it; a weight, of its
/// output channel.
public struct WinogradConvKernel: ConvKernel {
  /// `winograd`.
  public let name = "winograd"
  /// True.
  public let isDense = true

  /// Creates the kernel.
  public init() {}

  /// 3x3 kernels at stride 1 that are not dilated; any padding, groups and batch.
  public func support(for problem: ConvProblem) -> KernelSupport {
    if problem.kernelSize != Size2D(3) { return .unsupported("the kernel is \(problem.kernelSize), expected 3x3") }
    if problem.stride != Size2D(1) { return .unsupported("the stride is \(problem.stride), expected 1x1") }
    if problem.dilation != Size2D(1) { return .unsupported("the kernel is dilated by \(problem.dilation)") }
    return .supported
  }

  /// Transforms the weights.
  public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    try checkBeforePreparing(problem, weights: weights)
    return PreparedWinogradConv(WinogradPlan(problem), weights: weights.matrix)
  }
}
