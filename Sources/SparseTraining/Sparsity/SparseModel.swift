import NeuralLayers
import Pruning
import TensorCore

/// A model with the zeros that a method begins with.
public struct SparseModel {
  /// The model.
  public let model: any Layer
  /// The weights that pruning is about, with their names; of layers that a distribution leaves dense too.
  public let prunable: [NamedParameter]

  /// Makes a model.
  ///
  /// With a method that begins sparse, layers have the densities of the settings' distribution; with one that prunes later they are
  /// sparse layers that store everything.
  ///
  /// - Parameters:
  ///   - settings: method, sparsity and distribution count.
  ///   - make: makes the model by a rule for densities, with first weights from the settings' seed:
  ///     a closure such as `{ try VGGSmall(density: $0, seed: settings.seed) }`. Called twice.
  /// - Throws: ``TrainingError/setting(_:_:expected:)``, and what `make` throws.
  public init(_ settings: TrainingSettings, make: (WeightDensity) throws -> any Layer) throws {
    try settings.check()
    let places = try PrunableLayers(of: make).places
    model = try make(Self.rule(settings, places))
    let byName = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.parameter) })
    prunable = try places.map { place in
      let name = place.name + ".weight"
      guard let parameter = byName[name] else {
        throw TrainingError.data("the network says that it has a layer \(place.name), and has no \(name)")
      }
      return NamedParameter(name: name, parameter: parameter)
    }
  }

  /// A model that is there already; its sparse layers are those that pruning is about.
  public init(_ model: any Layer) {
    self.model = model
    prunable = model.parameters.filter { $0.parameter.pattern != nil }
  }

  /// The fraction of zeros in the layers that pruning is about; 0 if there are none.
  public var sparsity: Double {
    let positions = prunable.reduce(0) { $0 + $1.parameter.shape.elementCount }
    let stored = prunable.reduce(0) { $0 + $1.parameter.count }
    return positions == 0 ? 0 : 1 - Double(stored) / Double(positions)
  }

  private static func rule(_ settings: TrainingSettings, _ places: [PrunableLayers.Place]) -> WeightDensity {
    if settings.method == .dense { return .dense }
    if !settings.method.beginsSparse { return .prunable }
    let densities = settings.distribution.densities(sparsity: settings.sparsity, shapes: places.map(\.shape))
    return .byName(Dictionary(uniqueKeysWithValues: zip(places.map(\.name), densities)))
  }
}
