import Foundation
import SparseKernels
import TensorCore
import Testing

@testable import NeuralLayers

@Suite struct BatchNormTests {
  static let shapes: [Shape] = [[2, 3, 4, 5], [1, 2, 3, 3], [3, 1, 1, 1], [2, 5, 7, 9], [5, 70, 1, 2]]

  private static func layer(_ channels: Int) -> BatchNorm2d {
    var generator = SeededGenerator(seed: 3)
    let layer = BatchNorm2d(channels)
    layer.weight.values = (0..<channels).map { _ in generator.nextFloat(in: 0.5..<2) }
    layer.bias.values = (0..<channels).map { _ in generator.nextFloat(in: -1..<1) }
    layer.runningMean.values = (0..<channels).map { _ in generator.nextFloat(in: -1..<1) }
    layer.runningVariance.values = (0..<channels).map { _ in generator.nextFloat(in: 0.5..<2) }
    return layer
  }

  /// By the bits of an index: training, a residual, a ReLU.
  @Test(arguments: shapes, 0..<8) func gradientsAreFiniteDifferences(shape: Shape, index: Int) throws {
    let isTraining = index & 1 != 0
    let options = (adds: index & 2 != 0, clips: index & 4 != 0)
    let layer = Self.layer(shape[1])
    layer.isTraining = isTraining
    let (mean, variance) = (
      layer.runningMean.values.map(Double.init), layer.runningVariance.values.map(Double.init)
    )
    let inputs = [Tensor.distinct(shape, seed: 1)] + (options.adds ? [Tensor.distinct(shape, seed: 2)] : [])
    try GradientCheck.run(inputs, parameters: [layer.weight, layer.bias]) { x in
      layer(x[0], adding: options.adds ? x[1] : nil, activation: options.clips ? .relu : .identity)
    } reference: { points in
      let statistics = isTraining ? DoubleLayers.statistics(points[0], shape) : (mean, variance)
      let (weight, bias) = (points[points.count - 2], points[points.count - 1])
      var result = DoubleLayers.normalize(
        points[0], shape, weight: weight, bias: bias, mean: statistics.0, variance: statistics.1)
      if options.adds { result = zip(result, points[1]).map { $0 + $1 } }
      return options.clips ? result.map { max(0, $0) } : result
    }
  }

  @Test(arguments: shapes) func runningStatisticsMoveAsPyTorchs(shape: Shape) {
    let layer = Self.layer(shape[1])
    let before = (layer.runningMean.values, layer.runningVariance.values)
    let input = Tensor.distinct(shape, seed: 1)
    _ = layer(Tape(context: ComputeContext()).input(input))
    let (mean, variance) = DoubleLayers.statistics(input.values.map(Double.init), shape)
    let count = Double(shape[0] * shape[2] * shape[3])
    for channel in 0..<shape[1] {
      let unbiased = variance[channel] * count / max(count - 1, 1)
      // Two roundings of numbers of about 1.
      #expect(
        abs(Double(layer.runningMean.values[channel]) - (0.9 * Double(before.0[channel]) + 0.1 * mean[channel])) < 3e-7)
      #expect(
        abs(Double(layer.runningVariance.values[channel]) - (0.9 * Double(before.1[channel]) + 0.1 * unbiased)) < 5e-7)
    }
    let after = (layer.runningMean.values, layer.runningVariance.values)
    layer.eval()
    _ = layer(Tape(context: ComputeContext()).input(input))
    #expect(layer.runningMean.values == after.0 && layer.runningVariance.values == after.1)
  }

  /// A mean a thousand times the deviation, where the mean of squares less the square of the mean has no digit left.
  @Test func aLargeMeanCostsNoDigits() {
    var generator = SeededGenerator(seed: 8)
    let shape: Shape = [4, 2, 33, 31]
    let input = Tensor.random(shape, in: 1000..<1001, using: &generator)
    let layer = BatchNorm2d(2)
    let output = layer(Tape(context: ComputeContext()).input(input)).value
    let values = input.values.map(Double.init)
    let (mean, variance) = DoubleLayers.statistics(values, shape)
    let want = DoubleLayers.normalize(
      values, shape, weight: [1, 1], bias: [0, 0], mean: mean, variance: variance)
    // The mean as a Float is off by at most 3e-5, and deviations are 0.29: 1e-4 of a deviation.
    for (got, want) in zip(output.values, want) { #expect(abs(Double(got) - want) < 2e-4) }
  }

  @Test func sequentialFusesTheReLUThatFollows() throws {
    var generator = SeededGenerator(seed: 8)
    let input = Tensor.random([2, 3, 5, 5], using: &generator)
    let (norm, other) = (Self.layer(3), Self.layer(3))
    func run(_ layer: ([Variable]) throws -> Variable, _ norm: BatchNorm2d) throws -> (Tensor, Tensor?, [Float]) {
      let tape = Tape(context: ComputeContext())
      let x = tape.watchedInput(input)
      let output = try layer([x])
      try tape.backward(from: output.weightedSum(input.values))
      return (output.value, tape.gradient(of: x), norm.weight.gradient + norm.bias.gradient)
    }
    let sequence = Sequential {
      norm
      ReLU()
    }
    let fused = try run({ try sequence($0[0]) }, norm)
    let apart = try run({ ReLU()(other($0[0])) }, other)
    #expect(fused == apart)
  }
}
