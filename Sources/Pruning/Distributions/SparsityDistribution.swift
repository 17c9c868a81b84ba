import TensorCore

/// How a network's sparsity is shared out among its layers.
public enum SparsityDistribution: String, Hashable, Sendable, Codable {
  /// The same sparsity for each layer.
  case uniform
  /// Density in proportion to (out + in) / (out * in) with the numbers of channels: small layers stay denser. Mocanu et
  /// al., "Scalable training of artificial neural networks with adaptive sparse connectivity inspired by network
  /// science", Nature Communications 2018, <https://arxiv.org/abs/1707.04780>.
  case erdosRenyi
  /// Density in proportion to (sum of the extents) / (product of the extents), kernel included (ERK). Evci et al.,
  /// "Rigging the lottery", ICML 2020, <https://arxiv.org/abs/1911.11134>. For matrices the same as ``erdosRenyi``.
  case erdosRenyiKernel
  /// One threshold for the scores of all layers, of whatever layer they are.
  case global

  /// The density of each layer that together have the given sparsity.
  ///
  /// With the Erdos-Renyi distributions a layer whose share would exceed 1 is dense, and the others share the rest in
  /// the same proportion; the largest share goes first, as in the paper's code.
  ///
  /// - Parameters:
  ///   - sparsity: over all layers together, in 0...1.
  ///   - shapes: `[out, in]` or `[out, in / groups, height, width]` of each layer.
  /// - Precondition: the distribution is not ``global``, which needs scores: ``keptCounts(sparsity:shapes:scores:)``;
  ///   the sparsity is in 0...1, each shape has two extents or more.
  public func densities(sparsity: Double, shapes: [Shape]) -> [Double] {
    precondition((0...1).contains(sparsity), "SparsityDistribution: sparsity \(sparsity), expected 0...1")
    switch self {
    case .uniform:
      return shapes.map { _ in 1 - sparsity }
    case .erdosRenyi, .erdosRenyiKernel:
      return Self.scaled(shapes.map(share), density: 1 - sparsity, counts: shapes.map { Double($0.elementCount) })
    case .global:
      preconditionFailure("SparsityDistribution: densities of \(self) follow from scores, expected keptCounts")
    }
  }

  /// How many weights of each layer are kept.
  ///
  /// Each density times the layer's positions, rounded, a half up; with ``global`` so many of all stored weights as the
  /// density leaves of all positions, shared by rank of score, of equal ones the first layers and entries pruned.
  ///
  /// - Parameter scores: of each layer's stored weights, the highest kept. Only ``global`` looks at them.
  public func keptCounts(sparsity: Double, shapes: [Shape], scores: [[Float]]) -> [Int] {
    precondition(
      scores.count == shapes.count, "SparsityDistribution: scores of \(scores.count) layers, \(shapes.count) shapes")
    guard self == .global else {
      return zip(densities(sparsity: sparsity, shapes: shapes), shapes).map { density, shape in
        Int((density * Double(shape.elementCount) + 0.5).rounded(.down))
      }
    }
    precondition((0...1).contains(sparsity), "SparsityDistribution: sparsity \(sparsity), expected 0...1")
    let positions = shapes.reduce(0) { $0 + $1.elementCount }
    let count = Int(((1 - sparsity) * Double(positions) + 0.5).rounded(.down))
    var selection = TopSelection(highest: min(count, scores.reduce(0) { $0 + $1.count }), of: scores)
    return scores.map { scores in scores.count { selection.takes(TopSelection.key($0)) } }
  }

  private func share(of shape: Shape) -> Double {
    precondition(shape.rank >= 2, "SparsityDistribution: shape \(shape) has \(shape.rank) extents, expected 2 or more")
    let extents = (self == .erdosRenyi ? Array(shape.dimensions.prefix(2)) : shape.dimensions).map(Double.init)
    let product = extents.reduce(1, *)
    return product == 0 ? 0 : extents.reduce(0, +) / product
  }

  /// Shares times the one factor for which the densities give the whole, none above 1.
  private static func scaled(_ shares: [Double], density: Double, counts: [Double]) -> [Double] {
    var isDense = [Bool](repeating: false, count: shares.count)
    while true {
      var budget = 0.0
      var weight = 0.0
      var largest = 0.0
      for layer in shares.indices {
        if isDense[layer] {
          budget -= (1 - density) * counts[layer]
        } else {
          budget += density * counts[layer]
          weight += shares[layer] * counts[layer]
          largest = max(largest, shares[layer])
        }
      }
      let factor = weight > 0 ? budget / weight : 0
      if largest * factor <= 1 {
        return shares.indices.map { isDense[$0] ? 1 : shares[$0] * factor }
      }
      for layer in shares.indices where shares[layer] == largest { isDense[layer] = true }
    }
  }
}
