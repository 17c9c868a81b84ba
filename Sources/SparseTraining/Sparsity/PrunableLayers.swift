import NeuralLayers
import TensorCore

/// The layers of a model that pruning is about, and how dense each begins.
struct PrunableLayers {
  /// A layer that is not small, sparse or not.
  struct Place {
    let name: String
    let shape: Shape
  }

  /// In the order in which the model makes them.
  private(set) var places: [Place] = []

  /// Finds the layers of a model.
  ///
  /// - Parameter make: makes the model by a rule, which is asked about each layer.
  init(of make: (WeightDensity) throws -> any Layer) rethrows {
    let found = Found()
    // Made once to be asked, and thrown away: a model is cheap beside a step.
    _ = try make(WeightDensity { found.add($0) })
    places = found.places
  }

  private final class Found: @unchecked Sendable {
    var places: [Place] = []

    func add(_ place: WeightDensity.Place) -> Double {
      if !place.isSmall { places.append(Place(name: place.name, shape: place.weightShape)) }
      return 1
    }
  }
}
