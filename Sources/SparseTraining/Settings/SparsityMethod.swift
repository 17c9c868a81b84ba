import Pruning

/// How a network gets its zeros, by the name that a command line and a checkpoint use.
public enum SparsityMethod: String, CaseIterable, Hashable, Sendable, Codable {
  /// No zeros: the control for speed and accuracy.
  case dense
  /// A random pattern that stays: the control for every other method.
  case fixed = "static"
  /// A random pattern of which a part moves at random now and then; ``Pruning/DynamicSparsity/set(fraction:seed:interval:end:)``.
  case set
  /// A random pattern of which a part moves to the largest gradients now and then;
  /// ``Pruning/DynamicSparsity/rigL(fraction:interval:end:)``.
  case rigL = "rigl"
  /// Dense at first, then the smallest weights go, more and more;
  /// ``Pruning/PruningMethod/gradualMagnitude(sparsity:distribution:begin:end:interval:)``.
  case gradual
  /// Dense for the first half, then the smallest weights go at once;
  /// ``Pruning/PruningMethod/magnitude(sparsity:distribution:at:)``.
  case magnitude
  /// What the loss depends on least goes before the first step; ``Pruning/PruningMethod/snip(sparsity:at:)``.
  case snip
  /// Dense at first, then the weights that move towards zero go;
  /// ``Pruning/PruningMethod/movement(sparsity:distribution:begin:end:interval:)``.
  case movement

  /// Whether training begins with the final number of weights, at random places.
  var beginsSparse: Bool {
    switch self {
    case .fixed, .set, .rigL: true
    case .dense, .gradual, .magnitude, .snip, .movement: false
    }
  }

  /// How sparsity is shared out unless somebody says otherwise: as each method's paper does.
  public var usualDistribution: SparsityDistribution {
    switch self {
    case .dense, .magnitude, .gradual: .uniform
    case .fixed, .set, .rigL: .erdosRenyiKernel
    case .snip, .movement: .global
    }
  }

  /// What moves the pattern, or nil.
  ///
  /// The pattern moves every 100 steps, in a short training every fortieth of the steps but not more often than every 10, until three
  /// quarters of the training.
  func dynamics(steps: Int, seed: UInt64) -> DynamicSparsity? {
    let (interval, end) = (min(100, max(10, steps / 40)), steps * 3 / 4)
    switch self {
    case .set: return .set(seed: seed, interval: interval, end: end)
    case .rigL: return .rigL(interval: interval, end: end)
    case .dense, .fixed, .gradual, .magnitude, .snip, .movement: return nil
    }
  }

  /// What prunes, or nil.
  ///
  /// Gradual methods prune from a twentieth of the steps to half of them, fifty times.
  func pruning(sparsity: Double, distribution: SparsityDistribution, steps: Int) -> PruningMethod? {
    let (begin, end) = (steps / 20, steps / 2)
    let interval = max(1, (end - begin) / 50)
    switch self {
    case .gradual:
      return .gradualMagnitude(
        sparsity: sparsity, distribution: distribution, begin: begin, end: end, interval: interval)
    case .movement:
      return .movement(sparsity: sparsity, distribution: distribution, begin: begin, end: end, interval: interval)
    case .magnitude: return .magnitude(sparsity: sparsity, distribution: distribution, at: end)
    case .snip:
      return PruningMethod(
        score: .sensitivity, distribution: distribution, schedule: .oneShot(final: sparsity, step: 0))
    case .dense, .fixed, .set, .rigL: return nil
    }
  }
}
