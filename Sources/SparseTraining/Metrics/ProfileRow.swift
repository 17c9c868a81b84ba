/// How long an operation took in one phase of training, summed over its calls.
public struct ProfileRow: Hashable, Sendable, Codable {
  /// When an operation computes.
  public enum Phase: String, Hashable, Sendable, Codable, CaseIterable {
    /// From inputs to output.
    case forward
    /// The input gradient of a convolution.
    case inputGradient
    /// The weight gradient of a convolution.
    case weightGradient
    /// The rest of going back: all of it for an operation other than a convolution, of a convolution the bias and what is around its
    /// two gradients.
    case otherBackward
    /// The update of parameters.
    case optimizer

    /// The phase in words.
    public var words: String {
      switch self {
      case .forward: "forward"
      case .inputGradient: "input gradient"
      case .weightGradient: "weight gradient"
      case .otherBackward: "other backward"
      case .optimizer: "optimizer"
      }
    }
  }

  /// The operation, as its layer calls it.
  public var operation: String
  /// The phase.
  public var phase: Phase
  /// How often it ran.
  public var callCount: Int
  /// The seconds of all calls.
  public var seconds: Double

  /// Creates a row.
  public init(operation: String, phase: Phase, callCount: Int, seconds: Double) {
    self.operation = operation
    self.phase = phase
    self.callCount = callCount
    self.seconds = seconds
  }
}
