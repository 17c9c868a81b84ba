import Optimizers

/// What updates the parameters of a network.
enum OptimizerKind: String, CaseIterable, Sendable {
  case adam
  /// With momentum 0.9.
  case sgd

  var optimizer: any Optimizer {
    switch self {
    case .adam: Adam()
    case .sgd: SGD(momentum: 0.9)
    }
  }
}
