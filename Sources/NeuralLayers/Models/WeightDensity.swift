import TensorCore

/// Which of a model's layers are sparse, and how much of their weights is stored.
public struct WeightDensity: Sendable {
  /// A layer whose density is asked for.
  public struct Place: Hashable, Sendable {
    /// The layer's name in the model, such as `layer1.0.conv1`.
    public var name: String
    /// The extents of its weights.
    public var weightShape: Shape
    /// Whether it is the model's first layer, its last, or a depthwise convolution: those with few weights.
    public var isSmall: Bool
  }

  private let density: @Sendable (Place) -> Double

  /// Whether a layer of density 1 is a sparse one that stores all its weights, to be pruned later, unless it is small.
  public let isPrunable: Bool

  /// Creates a rule: the fraction of weights that is stored, where 1 makes a dense layer unless `isPrunable`.
  public init(isPrunable: Bool = false, _ density: @escaping @Sendable (Place) -> Double) {
    self.isPrunable = isPrunable
    self.density = density
  }

  /// Every layer dense.
  public static let dense = WeightDensity { _ in 1 }

  /// Every layer but the small ones sparse, and all weights stored: what pruning during training begins with. Convolutions are
  /// computed by ``DensityConvKernel``.
  public static let prunable = WeightDensity(isPrunable: true) { _ in 1 }

  /// The same density in every layer but the small ones (see ``Place/isSmall``), which stay dense.
  public static func uniform(_ density: Double) -> WeightDensity {
    WeightDensity { $0.isSmall ? 1 : density }
  }

  /// Densities by layer name; those not named are dense.
  public static func byName(_ densities: [String: Double]) -> WeightDensity {
    WeightDensity { densities[$0.name] ?? 1 }
  }

  /// The density of a layer.
  ///
  /// - Precondition: the rule gives a number in 0...1.
  public func callAsFunction(_ place: Place) -> Double {
    let value = density(place)
    precondition((0...1).contains(value), "WeightDensity: \(value) for \(place.name), expected 0...1")
    return value
  }
}
