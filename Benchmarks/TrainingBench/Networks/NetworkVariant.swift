import NeuralLayers
import Pruning
import TensorCore

/// How the weights of a network are stored.
struct NetworkVariant: Sendable {
  /// Where the zeros are.
  enum Form: String, Sendable {
    /// The dense layers.
    case dense
    /// The sparse layers with every weight stored: another dense side, by another kernel.
    case allStored = "all stored"
    /// The same sparsity in every layer that is not small.
    case uniform
    /// That of Erdos-Renyi-Kernel over the layers that are not small.
    case erk
  }

  let form: Form
  /// Over the layers that are not small.
  let sparsity: Double
  let density: WeightDensity

  /// The dense sides, then both distributions at each sparsity.
  static func all(of network: NetworkKind, sparsities: [Double]) throws -> [NetworkVariant] {
    let places = try network.places().filter { !$0.isSmall }
    // So near to 1 that every weight is stored, which 1 itself would leave to the dense layers.
    let almostAll = 1 - 0x1p-40
    let dense = [
      NetworkVariant(form: .dense, sparsity: 0, density: .dense),
      NetworkVariant(form: .allStored, sparsity: 0, density: .uniform(almostAll)),
    ]
    return dense
      + sparsities.flatMap { sparsity in
        let erk = SparsityDistribution.erdosRenyiKernel.densities(
          sparsity: sparsity, shapes: places.map(\.weightShape))
        return [
          NetworkVariant(form: .uniform, sparsity: sparsity, density: .uniform(1 - sparsity)),
          NetworkVariant(
            form: .erk, sparsity: sparsity,
            density: .byName(Dictionary(uniqueKeysWithValues: zip(places.map(\.name), erk)))),
        ]
      }
  }
}
