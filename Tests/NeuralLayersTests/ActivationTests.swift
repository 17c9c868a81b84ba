import Foundation
import SparseKernels
import TensorCore
import Testing

@testable import NeuralLayers

@Suite struct ActivationTests {
  static var layers: [(any Layer, (Double) -> Double)] {
    [
      (ReLU(), { max(0, $0) }),
      (LeakyReLU(slope: 0.1), { $0 < 0 ? Double(Float(0.1)) * $0 : $0 }),
      (SiLU(), { $0 / (1 + exp(-$0)) }),
      (Sigmoid(), { 1 / (1 + exp(-$0)) }),
      (Tanh(), { tanh($0) }),
    ]
  }

  @Test(arguments: 0..<5, [[1, 1], [3, 7], [2, 3, 4, 5]] as [Shape])
  func gradientsAreFiniteDifferences(index: Int, shape: Shape) throws {
    let (layer, function) = (Self.layers[index].0, Self.layers[index].1)
    try GradientCheck.run([.distinct(shape, seed: 4)]) {
      try layer($0[0])
    } reference: {
      $0[0].map(function)
    }
  }

  /// Five roundings of 6e-8, relative to the true value.
  @Test(arguments: 2..<5) func smoothFunctionsAreExactToAFewRoundings(index: Int) throws {
    let (layer, function) = (Self.layers[index].0, Self.layers[index].1)
    let points = stride(from: Float(-100), through: 100, by: 0.037).map { $0 } + [0, 1e-20, -1e-20, 0.299, -0.301]
    let tape = Tape(context: ComputeContext(), isRecording: false)
    let output = try layer(tape.input(Tensor(points, shape: [points.count]))).value.values
    for (point, got) in zip(points, output) {
      let want = function(Double(point))
      #expect(
        abs(Double(got) - want) <= 3e-7 * max(abs(want), 1e-30) + 1e-37, "at \(point): \(got), expected \(want)")
    }
  }

  @Test(arguments: 0..<5) func nanStaysNaN(index: Int) throws {
    let tape = Tape(context: ComputeContext(), isRecording: false)
    let input = Tensor([Float](repeating: .nan, count: 9), shape: [9])
    #expect(try Self.layers[index].0(tape.input(input)).value.values.allSatisfy(\.isNaN))
  }

  @Test func infinitiesHaveTheirLimits() {
    let tape = Tape(context: ComputeContext(), isRecording: false)
    let input = tape.input(Tensor([-.infinity, .infinity], shape: [2]))
    #expect(Sigmoid()(input).value.values == [0, 1])
    #expect(Tanh()(input).value.values == [-1, 1])
  }

  @Test(arguments: [[2, 5], [1, 3, 2, 2]] as [Shape]) func softmaxGradientsAreFiniteDifferences(shape: Shape) throws {
    try GradientCheck.run([.distinct(shape, seed: 4)]) {
      Softmax()($0[0])
    } reference: {
      Self.byChannels($0[0], shape, DoubleLayers.softmax)
    }
    try GradientCheck.run([.distinct(shape, seed: 4)]) {
      LogSoftmax()($0[0])
    } reference: {
      Self.byChannels($0[0], shape) { DoubleLayers.softmax($0).map(log) }
    }
  }

  private static func byChannels(_ values: [Double], _ shape: Shape, _ function: ([Double]) -> [Double]) -> [Double] {
    let inner = shape.dimensions.dropFirst(2).reduce(1, *)
    var result = values
    for image in 0..<shape[0] {
      for pixel in 0..<inner {
        let places = (0..<shape[1]).map { (image * shape[1] + $0) * inner + pixel }
        for (place, value) in zip(places, function(places.map { values[$0] })) { result[place] = value }
      }
    }
    return result
  }

  @Test func logSoftmaxIsFiniteWhereSoftmaxIsZero() throws {
    let tape = Tape(context: ComputeContext())
    let input = tape.watchedInput(Tensor([1e4, 0, -1e4], shape: [1, 3]))
    let output = LogSoftmax()(input)
    #expect(output.value.values == [0, -1e4, -2e4])
    try tape.backward(from: output.sum())
    #expect(try #require(tape.gradient(of: input)).values == [-2, 1, 1])
  }

  @Test(arguments: [[], [7], [2, 3, 4]] as [Shape]) func sumsAndMeansHaveTheirGradients(shape: Shape) throws {
    try GradientCheck.run([.distinct(shape, seed: 4)]) {
      $0[0].sum()
    } reference: {
      [$0[0].reduce(0, +)]
    }
    try GradientCheck.run([.distinct(shape, seed: 4)]) {
      $0[0].mean()
    } reference: {
      [$0[0].reduce(0, +) / Double($0[0].count)]
    }
  }

  @Test func dropoutFollowsItsSeedAndKeepsTheMean() throws {
    func run(seed: UInt64, threadCount: Int) throws -> (first: Tensor, second: Tensor, gradient: Tensor) {
      let layer = Dropout(probability: 0.25, seed: seed)
      let tape = Tape(context: ComputeContext(threadCount: threadCount))
      let x = tape.watchedInput(Tensor(repeating: 3, shape: [100, 1000]))
      let (first, second) = (layer(x), layer(x))
      try tape.backward(from: first.weightedSum([Float](repeating: 1, count: 100_000)))
      return (first.value, second.value, try #require(tape.gradient(of: x)))
    }
    let once = try run(seed: 1, threadCount: 1)
    #expect(try run(seed: 1, threadCount: 3) == once)
    #expect(try run(seed: 2, threadCount: 1).first != once.first)
    #expect(once.first != once.second)
    #expect(Set(once.first.values) == [0, 4])
    #expect(once.gradient.values == once.first.values.map { $0 / 3 })
    // The share of 100 000 numbers has a deviation of 0.0014; five of them.
    #expect(abs(Double(once.first.values.count { $0 == 0 }) / 100_000 - 0.25) < 0.007)
    let layer = Dropout(probability: 0.25, seed: 1)
    layer.eval()
    let input = Tensor(repeating: 3, shape: [10])
    #expect(layer(Tape(context: ComputeContext()).input(input)).value == input)
  }
}
