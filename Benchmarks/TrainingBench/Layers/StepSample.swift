/// A part of a layer's training step.
enum StepPhase: String, CaseIterable, Sendable {
  /// The step before has changed the weights' values: they are copied into the packed forms of all passes.
  case repack
  case forward
  case gradients

  var words: String {
    switch self {
    case .repack: "repack"
    case .forward: "forward"
    case .gradients: "both gradients"
    }
  }
}

/// What one step took, in seconds.
struct StepSample: Equatable, Sendable {
  var repack = 0.0
  var forward = 0.0
  var gradients = 0.0

  /// The whole step.
  var seconds: Double { repack + forward + gradients }

  subscript(phase: StepPhase) -> Double {
    switch phase {
    case .repack: repack
    case .forward: forward
    case .gradients: gradients
    }
  }
}
