import SparseKernels
import TensorCore

/// Which problems a kernel declines, and with what words. A kernel that is not here declines nothing of the conformance
/// list; one that does gets a line such as
///
///     "planar": { $0.dilation == Size2D(1) ? nil : "the kernel is dilated by \($0.dilation)" },
package enum DeclinedProblems {
  /// Kernel name to the reason for a problem, or nil where the kernel supports it.
  static let reasons: [String: @Sendable (ConvProblem) -> String?] = [
    "cholmod": { problem in
      let paddedWidth =
        (problem.outputSize.width - 1) * problem.stride.width + (problem.kernelSize.width - 1) * problem.dilation.width
        + 1
      let lastTap =
        (problem.kernelSize.height - 1) * problem.dilation.height * paddedWidth
        + (problem.kernelSize.width - 1) * problem.dilation.width
      let span = lastTap * problem.inputChannels + problem.inputChannelsPerGroup
      return span > Int(Int32.max)
        ? "a window spans \(span) elements, more than CHOLMOD's 32-bit indices reach" : nil
    },
    "direct": { problem in
      let height = problem.inputSize.height + problem.padding.top + problem.padding.bottom
      let width = problem.inputSize.width + problem.padding.left + problem.padding.right
      let most = max(problem.inputChannels, problem.outputChannels) * height * width
      return most > 1 << 27 ? "a padded image has \(most) elements, expected at most 134217728" : nil
    },
    "winograd": { problem in
      if problem.kernelSize != Size2D(3) { return "the kernel is \(problem.kernelSize), expected 3x3" }
      if problem.stride != Size2D(1) { return "the stride is \(problem.stride), expected 1x1" }
      return problem.dilation == Size2D(1) ? nil : "the kernel is dilated by \(problem.dilation)"
    },
  ]

  /// What a kernel must answer.
  package static func support(_ kernelName: String, _ problem: ConvProblem) -> KernelSupport {
    reasons[kernelName]?(problem).map(KernelSupport.unsupported) ?? .supported
  }
}
