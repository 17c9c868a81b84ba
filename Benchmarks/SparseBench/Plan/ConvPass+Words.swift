import SparseKernels

extension ConvPass {
  /// As a sentence has it.
  package var words: String {
    switch self {
    case .forward: "forward"
    case .inputGradient: "input gradient"
    case .weightGradient: "weight gradient"
    }
  }

  /// As what a sentence is about.
  var subject: String { self == .forward ? "the forward pass" : "the \(words)" }

  /// What a plot's title says of it: nothing of forward, which is what a convolution is taken for.
  var titlePart: String { self == .forward ? "" : ", \(words)" }
}
