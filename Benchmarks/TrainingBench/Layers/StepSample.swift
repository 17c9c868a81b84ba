/// A part of a layer's training step.
enum StepPhase: String, CaseIterable, Sendable {
  /// The step before has changed the weights' values: they are copied into the packed forms of all passes.
  case repack
  case forward
  case inputGradient
  case weightGradient

  var words: String {
    switch self {
    case .repack: "repack"
    case .forward: "forward"
    case .inputGradient: "input gradient"
    case .weightGradient: "weight gradient"
    }
  }
}

/// What one step took, in seconds.
struct StepSample: Equatable, Sendable {
  var repack = 0.0
  var forward = 0.0
  var inputGradient = 0.0
  var weightGradient = 0.0

  /// The whole step.
  var seconds: Double { repack + forward + inputGradient + weightGradient }

  subscript(phase: StepPhase) -> Double {
    switch phase {
    case .repack: repack
    case .forward: forward
    case .inputGradient: inputGradient
    case .weightGradient: weightGradient
    }
  }
}
