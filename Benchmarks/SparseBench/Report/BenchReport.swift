import SparseKernels

/// A run and all it found: what every form of report is made from.
package struct BenchReport: Sendable {
  package let environment: BenchEnvironment
  package let ceilings: MachineCeilings
  package let layers: [LayerReport]
  /// The columns of the summary; empty where the weights' sparsities were found, not chosen.
  package let sparsities: [Double]
  /// Whether Ctrl-C ended the run before its end.
  package let isInterrupted: Bool

  package init(
    environment: BenchEnvironment, ceilings: MachineCeilings, layers: [LayerReport], sparsities: [Double],
    isInterrupted: Bool
  ) {
    self.environment = environment
    self.ceilings = ceilings
    self.layers = layers
    self.sparsities = sparsities
    self.isInterrupted = isInterrupted
  }

  package var results: [BenchResult] { layers.flatMap(\.results) }

  /// All layers, if they are of several groups, then group by group in the order of the layers.
  package var groups: [LayerGroup] {
    var groups: [LayerGroup] = []
    for layer in layers {
      if let index = groups.firstIndex(where: { $0.name == layer.group }) {
        groups[index].layers.append(layer)
      } else {
        groups.append(LayerGroup(name: layer.group, layers: [layer]))
      }
    }
    if groups.count > 1 { groups.insert(LayerGroup(name: "all", layers: layers), at: 0) }
    return groups
  }

  package var summary: Summary { Summary(groups, pass: environment.pass, sparsities: sparsities) }

  /// The names of the kernels that were asked for, in the order of their first results.
  package var kernelNames: [String] { results.map(\.kernel).uniqued }
}

/// A layer and its results.
package struct LayerReport: Sendable {
  /// What tables call it.
  package let title: String
  /// In benchdnn's notation.
  package let notation: String
  /// What the summary groups by.
  package let group: String
  package let pass: ConvPass
  package let results: [BenchResult]

  package init(title: String, notation: String, group: String, pass: ConvPass, results: [BenchResult]) {
    self.title = title
    self.notation = notation
    self.group = group
    self.pass = pass
    self.results = results
  }
}

/// Layers that are averaged over.
package struct LayerGroup: Sendable {
  package let name: String
  package fileprivate(set) var layers: [LayerReport]

  /// How many different layers there are.
  package var layerCount: Int { Set(layers.map(\.notation)).count }
  /// The name with the count, as tables have it.
  package var title: String { "\(name) (\(layerCount))" }
  package var results: [BenchResult] { layers.flatMap(\.results) }
}
