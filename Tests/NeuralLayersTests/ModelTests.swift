import SparseKernels
import TensorCore
import Testing

@testable import NeuralLayers

@Suite struct ModelTests {
  static let names = ["LeNet5", "VGGSmall", "ResNet20", "MobileNetV1"]

  private static func model(_ name: String, _ density: WeightDensity) throws -> (any Layer, Tensor) {
    var generator = SeededGenerator(seed: 6)
    switch name {
    case "LeNet5": return (try LeNet5(density: density, seed: 1), .random([3, 1, 28, 28], using: &generator))
    case "VGGSmall": return (try VGGSmall(density: density, seed: 1), .random([3, 1, 14, 13], using: &generator))
    case "ResNet20": return (try ResNet20(density: density, seed: 1), .random([3, 3, 16, 15], using: &generator))
    default:
      return (try MobileNetV1(classCount: 10, density: density, seed: 1), .random([3, 3, 33, 40], using: &generator))
    }
  }

  /// What PyTorch counts of the same networks.
  @Test func modelsHaveTheParametersOfTheirPapers() throws {
    func count(_ model: any Layer) -> Int { model.parameters.reduce(0) { $0 + $1.parameter.count } }
    #expect(try count(LeNet5(seed: 1)) == 61_706)
    #expect(try count(VGGSmall(seed: 1)) == 288_170)
    #expect(try count(ResNet20(seed: 1)) == 272_474)
    #expect(try count(MobileNetV1(seed: 1)) == 470_072)
    #expect(try count(MobileNetV1(width: 1, seed: 1)) == 4_231_976)
  }

  @Test func layersAreSparseByNameAndDensity() throws {
    let model = try ResNet20(density: .byName(["layer1.0.conv1": 0.25]), seed: 1)
    #expect(model.parameters.filter { $0.parameter.pattern != nil }.map(\.name) == ["layer1.0.conv1.weight"])
    #expect(model.parameter(named: "layer1.0.conv1.weight")?.count == 576)
    let uniform = try ResNet20(density: .uniform(0.1), seed: 1)
    let dense = uniform.parameters.filter { $0.parameter.shape.rank > 1 && $0.parameter.pattern == nil }.map(\.name)
    #expect(dense == ["conv1.weight", "fc.weight"])
    #expect(uniform.parameter(named: "layer2.0.downsample.0.weight")?.count == 51)
  }

  @Test(arguments: names, [1, 0.3]) func stepsDoNotDependOnThreads(name: String, density: Double) throws {
    func run(threadCount: Int) throws -> [[Float]] {
      let (model, images) = try Self.model(name, .uniform(density))
      let tape = Tape(context: ComputeContext(threadCount: threadCount))
      var losses: [Float] = []
      for _ in 0..<3 {
        let loss = try CrossEntropyLoss(labelSmoothing: 0.1)(model(tape.input(images)), labels: [1, 0, 7])
        try tape.backward(from: loss)
        losses.append(loss.scalar)
        for item in model.parameters {
          item.parameter.update { values, gradient in
            for index in values.indices { values[index] -= 0.01 * gradient[index] }
          }
        }
      }
      #expect(losses.allSatisfy { $0.isFinite })
      #expect(losses[2] < losses[0])
      return [losses] + model.parameters.map(\.parameter.values) + model.buffers.map(\.buffer.values)
    }
    let alone = try run(threadCount: 1)
    #expect(try run(threadCount: 2) == alone)
    #expect(try run(threadCount: 3) == alone)
  }
}
