import SparseKernels
import TensorCore
import Testing

@testable import NeuralLayers

@Suite struct PoolingTests {
  struct Case: CustomTestStringConvertible {
    var shape: Shape
    var kernel: Size2D
    var stride: Size2D
    var padding = Size2D(0)
    var ceilMode = false
    /// By PyTorch's rules, worked out by hand.
    var output: Size2D
    var testDescription: String { "\(shape) \(kernel) \(stride) \(padding) \(ceilMode)" }
  }

  static let cases = [
    Case(shape: [2, 3, 4, 4], kernel: Size2D(2), stride: Size2D(2), output: Size2D(2)),
    Case(shape: [1, 2, 5, 37], kernel: Size2D(2), stride: Size2D(2), output: Size2D(height: 2, width: 18)),
    Case(shape: [1, 2, 6, 16], kernel: Size2D(2), stride: Size2D(2), output: Size2D(height: 3, width: 8)),
    Case(shape: [1, 1, 5, 5], kernel: Size2D(2), stride: Size2D(2), ceilMode: true, output: Size2D(3)),
    Case(
      shape: [2, 2, 7, 6], kernel: Size2D(3), stride: Size2D(2), padding: Size2D(1),
      output: Size2D(height: 4, width: 3)),
    Case(
      shape: [1, 2, 5, 4], kernel: Size2D(height: 3, width: 2), stride: Size2D(1), output: Size2D(height: 3, width: 3)),
    // The fourth window would start in the padding at the end, so it is left out.
    Case(
      shape: [1, 1, 4, 4], kernel: Size2D(2), stride: Size2D(2), padding: Size2D(1), ceilMode: true, output: Size2D(3)),
    Case(shape: [1, 1, 1, 1], kernel: Size2D(1), stride: Size2D(3), output: Size2D(1)),
  ]

  @Test(arguments: cases) func maximaAndTheirGradients(item: Case) throws {
    let layer = MaxPool2d(
      kernelSize: item.kernel, stride: item.stride, padding: item.padding, ceilMode: item.ceilMode)
    try GradientCheck.run([.distinct(item.shape, seed: 6)]) {
      let output = layer($0[0])
      #expect(output.shape == [item.shape[0], item.shape[1], item.output.height, item.output.width])
      return output
    } reference: {
      DoubleLayers.pool(
        $0[0], item.shape, kernel: item.kernel, stride: item.stride, padding: item.padding, output: item.output
      ) { values, _ in values.max() ?? 0 }
    }
  }

  @Test(arguments: cases, [false, true]) func meansAndTheirGradients(item: Case, countsPadding: Bool) throws {
    let layer = AvgPool2d(
      kernelSize: item.kernel, stride: item.stride, padding: item.padding, ceilMode: item.ceilMode,
      countsPadding: countsPadding)
    try GradientCheck.run([.distinct(item.shape, seed: 6)]) {
      layer($0[0])
    } reference: {
      DoubleLayers.pool(
        $0[0], item.shape, kernel: item.kernel, stride: item.stride, padding: item.padding, output: item.output
      ) { values, padded in values.reduce(0, +) / Double(countsPadding ? padded : values.count) }
    }
  }

  @Test(arguments: [[2, 3, 5, 5], [1, 1, 1, 1], [3, 2, 7, 7]] as [Shape]) func globalMeans(shape: Shape) throws {
    let pixels = shape[2] * shape[3]
    try GradientCheck.run([.distinct(shape, seed: 6)]) {
      GlobalAvgPool()($0[0])
    } reference: { points in
      (0..<shape[0] * shape[1]).map { plane in
        points[0][plane * pixels..<(plane + 1) * pixels].reduce(0, +) / Double(pixels)
      }
    }
  }

  /// The first of equal elements gets the gradient, and NaN is larger than all, in the loops for 2x2 as in the general ones.
  @Test(arguments: [2, 40]) func tiesAndNaN(width: Int) throws {
    let input = Tensor((0..<2 * width).map { $0 == 3 ? .nan : 1 }, shape: [1, 1, 2, width])
    let tape = Tape(context: ComputeContext())
    let x = tape.watchedInput(input)
    let output = MaxPool2d(kernelSize: 2)(x)
    try tape.backward(from: output.weightedSum([Float](repeating: 1, count: width / 2)))
    let window = width == 2 ? 0 : 1
    #expect(output.value.values.indices.allSatisfy { output.value.values[$0].isNaN == ($0 == window) })
    let gradient = try #require(tape.gradient(of: x)).values
    let winners = Set(gradient.indices.filter { gradient[$0] == 1 })
    #expect(winners == Set((0..<width / 2).map { $0 == window ? 3 : 2 * $0 }))
    #expect(gradient.reduce(0, +) == Float(width / 2))
  }
}
