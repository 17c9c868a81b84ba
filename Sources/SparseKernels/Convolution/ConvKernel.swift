import TensorCore

/// A way to compute convolutions: first whether it can do a problem, then doing it.
///
/// Implementations are small values without state of their own; what belongs to one layer is in the ``PreparedConv``
/// that `prepare` returns. Add a kernel by a folder beside this file and one line in `ConvKernelList.swift`
/// (`docs/kernel-howto.md`).
public protocol ConvKernel: Sendable {
  /// What tests, benchmarks and logs call this kernel. Lower case, stable.
  var name: String { get }

  /// Whether this kernel multiplies the zeros too, as a baseline does; false unless a kernel says otherwise.
  var isDense: Bool { get }

  /// Whether this kernel can do a problem, and if not, why.
  ///
  /// - Complexity: O(1); allocates nothing that grows with the problem.
  func support(for problem: ConvProblem) -> KernelSupport

  /// Packs weights for repeated use on one problem.
  ///
  /// - Parameters:
  ///   - problem: a problem that ``support(for:)`` accepts.
  ///   - weights: `problem.outputChannels` rows; see ``ConvWeights``.
  /// - Throws: ``KernelError`` if the problem is not supported, the weights have another shape, or a library fails.
  func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv

  /// What a call is expected to take, so that `auto` can choose without trying; nil, unless a kernel says otherwise, where that is
  /// not known or the kernel has not the pass. A kernel without it is chosen only by measuring, or where there is no other.
  ///
  /// - Parameter query: on a problem that ``support(for:)`` accepts.
  /// - Complexity: a millisecond at most.
  func cost(_ query: CostQuery) -> ConvCost?
}

/// A kernel's answer to whether it can do a problem.
public enum KernelSupport: Hashable, Sendable {
  /// It can.
  case supported
  /// It cannot, for the reason given.
  case unsupported(String)
}

extension ConvKernel {
  /// False: zeros are skipped.
  public var isDense: Bool { false }

  /// Nil: not known.
  public func cost(_ query: CostQuery) -> ConvCost? { nil }

  /// The checks that every `prepare` begins with.
  ///
  /// - Throws: ``KernelError/unsupported(kernel:reason:)`` or ``KernelError/weightShape(rows:columns:problem:)``.
  func checkBeforePreparing(_ problem: ConvProblem, weights: ConvWeights) throws(KernelError) {
    if case .unsupported(let reason) = support(for: problem) { throw .unsupported(kernel: name, reason: reason) }
    try weights.check(against: problem)
  }
}
