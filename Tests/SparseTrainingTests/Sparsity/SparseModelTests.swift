import NeuralLayers
import Pruning
import SparseTraining
import TensorCore
import Testing

@Suite struct SparseModelTests {
  @Test(arguments: [SparsityDistribution.uniform, .erdosRenyi, .erdosRenyiKernel], [0.5, 0.9, 0.95])
  func aModelBeginsWithItsDistribution(_ distribution: SparsityDistribution, _ sparsity: Double) throws {
    var settings = TrainingSettings.small(.fixed)
    settings.distribution = distribution
    settings.sparsity = sparsity
    let model = try SparseModel(settings) { try VGGSmall(density: $0, seed: 1) }
    #expect(model.prunable.map(\.name) == [3, 7, 10, 14, 17].map { "features.\($0).weight" })
    let densities = distribution.densities(sparsity: sparsity, shapes: model.prunable.map(\.parameter.shape))
    for (layer, density) in zip(model.prunable, densities) {
      let count = Double(layer.parameter.shape.elementCount)
      #expect(abs(Double(layer.parameter.count) - density * count) <= 0.5, "\(layer.name)")
    }
    #expect(abs(model.sparsity - sparsity) < 1e-4)
  }

  @Test func aModelToBePrunedStoresAllAndComputesAsTheDenseOne() throws {
    let settings = TrainingSettings.small(.gradual)
    let model = try SparseModel(settings) { try VGGSmall(density: $0, seed: 1) }
    #expect(model.sparsity == 0 && model.prunable.allSatisfy { $0.parameter.pattern?.density == 1 })
    let dense = try SparseModel(.small(.dense)) { try VGGSmall(density: $0, seed: 1) }
    #expect(dense.sparsity == 0 && dense.prunable.count == 5)
    #expect(dense.prunable.allSatisfy { $0.parameter.pattern == nil })
  }

  @Test func aGivenModelsSparseLayersArePruned() throws {
    let model = SparseModel(try VGGSmall(density: .uniform(0.25), seed: 1))
    #expect(model.prunable.count == 5 && abs(model.sparsity - 0.75) < 1e-4)
  }
}
