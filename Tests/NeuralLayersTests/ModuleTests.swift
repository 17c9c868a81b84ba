import SparseKernels
import TensorCore
import Testing

@testable import NeuralLayers

@Suite struct ModuleTests {
  private struct Net: Layer {
    let layers: [any Layer]
    let extra: BatchNorm2d?
    let none: BatchNorm2d? = nil
    let tied: Linear
    let again: Linear

    func callAsFunction(_ input: Variable) throws -> Variable { input }
  }

  private class Base: Module {
    let scale = Parameter(Tensor([1], shape: [1]))
  }

  private final class Derived: Base {
    let offset = Parameter(Tensor([1], shape: [1]))
    let dropout = Dropout(seed: 1)
  }

  @Test func partsAreNamedByPropertyAndPlace() throws {
    var generator = SeededGenerator(seed: 1)
    let linear = Linear(2, 2, hasBias: false, using: &generator)
    let net = Net(
      layers: [
        Sequential {
          Conv2d(ConvGeometry(1, 2, kernelSize: 3), using: &generator)
          BatchNorm2d(2)
          if true { ReLU() }
          for _ in 0..<2 { Residual { Linear(2, 2, hasBias: false, using: &generator) } }
        }
      ], extra: BatchNorm2d(2), tied: linear, again: linear)
    #expect(
      net.parameters.map(\.name) == [
        "layers.0.0.weight", "layers.0.0.bias", "layers.0.1.weight", "layers.0.1.bias", "layers.0.3.body.0.weight",
        "layers.0.4.body.0.weight", "extra.weight", "extra.bias", "tied.weight",
      ])
    #expect(
      net.buffers.map(\.name) == [
        "layers.0.1.running_mean", "layers.0.1.running_var", "extra.running_mean", "extra.running_var",
      ])
    #expect(net.parameter(named: "tied.weight") === linear.weight)
    #expect(net.name(of: \.again.weight) == "tied.weight")
    #expect(net.parameter(named: "nothing") == nil)
  }

  @Test func inheritedPartsComeFirst() {
    #expect(Derived().parameters.map(\.name) == ["scale", "offset"])
  }

  @Test func modesReachEveryModule() throws {
    let derived = Derived()
    derived.eval()
    #expect(!derived.dropout.isTraining)
    derived.train()
    #expect(derived.dropout.isTraining)
    let model = try ResNet20(seed: 1)
    model.eval()
    #expect(model.modules.compactMap { ($0.module as? BatchNorm2d)?.isTraining } == Array(repeating: false, count: 21))
  }

  @Test func aSparseParameterIsItsStoredValues() throws {
    let matrix = try CSRMatrix(
      rows: 2, columns: 3, rowOffsets: [0, 1, 3], columnIndices: [1, 0, 2], values: [5, 6, 7])
    let parameter = Parameter(matrix, shape: [2, 3])
    #expect(parameter.count == 3 && parameter.values == [5, 6, 7] && parameter.density == 0.5)
    #expect(parameter.dense() == Tensor([0, 5, 0, 6, 0, 7], shape: [2, 3]))
    parameter.update { values, gradient in values[0] -= gradient[0] + 1 }
    #expect(try parameter.matrix().values == [4, 6, 7])
    let pattern = try SparsityPattern(mask: [true, false, false, false, false, true], rows: 2, columns: 3)
    parameter.setPattern(pattern, values: [1, 2])
    #expect(parameter.dense() == Tensor([1, 0, 0, 0, 0, 2], shape: [2, 3]))
    #expect(parameter.gradient == [0, 0])
    let dense = Parameter(Tensor([1, 0, 2, 3], shape: [2, 2]))
    #expect(try dense.matrix().nnz == 4)
  }

  @Test(arguments: [1, 0.1]) func initializersHaveTheirVariance(density: Double) {
    var generator = SeededGenerator(seed: 12)
    let shape: Shape = [40, 20, 5, 5]
    let cases: [(Initializer, Double)] = [
      (.kaiming(), 0.004), (.kaiming(.uniform), 0.004), (.kaimingOutputs(), 0.002), (.xavier(), 2.0 / 1500),
      (.xavier(.normal), 2.0 / 1500), (.inverseRoot, 1.0 / 1500),
    ]
    for (initializer, variance) in cases {
      let values = initializer.values(count: 20_000, shape: shape, density: density, using: &generator)
      let mean = values.reduce(0) { $0 + Double($1) } / 20_000
      let spread = values.reduce(0) { $0 + Double($1) * Double($1) } / 20_000
      // The variance of 20 000 normal numbers has a relative deviation of 1 %; five of them.
      #expect(abs(spread * density / variance - 1) < 0.05)
      #expect(abs(mean) < 5 * (variance / density / 20_000).squareRoot())
    }
  }
}
