import Foundation
import TensorCore

/// Winograd's convolution for 3x3 kernels at stride 1.
public struct WinogradConvKernel: ConvKernel {
  /// `winograd`.
  public let name = "winograd"
  /// True.
  public let isDense = true

  /// Creates the kernel.
  public init() {}

  /// 3x3 kernels at stride 1, not dilated.
  public func support(for problem: ConvProblem) -> KernelSupport {
    if problem.kernelSize != Size2D(3) { return .unsupported("the kernel is \(problem.kernelSize), expected 3x3") }
    if problem.stride != Size2D(1) { return .unsupported("the stride is \(problem.stride), expected 1x1") }
    if problem.dilation != Size2D(1) { return .unsupported("the kernel is dilated by \(problem.dilation)") }
    return .supported
  }

  /// Transforms the weights.
  public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    try checkBeforePreparing(problem, weights: weights)
    let environment = ProcessInfo.processInfo.environment
    let tile: WinogradTile = environment["SNN_M"] == "2" ? .two : .four
    let plan = WinogradPlan(
      problem, tile: tile, cacheByteCount: environment["SNN_L2"].flatMap { Int($0) } ?? 1 << 20)
    return PreparedWinogradConv(plan, weights: weights.matrix)
  }
}
