import NeuralLayers
import SparseKernels
import TensorCore
import Testing

/// The gradient of pruned weights too, for one layer at a time.
@Suite struct DenseGradientTests {
  private final class Collector: DenseGradientVisitor {
    var wanted: ObjectIdentifier?
    var gradients: [ObjectIdentifier: [Float]] = [:]
    var visitCount = 0

    func wantsDenseGradient(of weight: Parameter) -> Bool { ObjectIdentifier(weight) == wanted }

    func visit(_ gradient: UnsafeBufferPointer<Float>, of weight: Parameter) {
      gradients[ObjectIdentifier(weight)] = Array(gradient)
      visitCount += 1
    }
  }

  @Test(arguments: [1, 2], [1, 2])
  func itIsThatOfADenseLayer(_ stride: Int, _ groups: Int) throws {
    var generator = SeededGenerator(seed: 7)
    let geometry = ConvGeometry(4, 6, kernelSize: 3, stride: stride, padding: 1, groups: groups)
    let sparse = try SparseConv2d(geometry, sparsity: 0.7, using: &generator)
    let dense = sparse.dense()
    let images = Tensor.randomIntegers([3, 4, 9, 7], magnitude: 3, using: &generator)
    sparse.weight.values = sparse.weight.values.indices.map { Float($0 % 5) - 2 }
    dense.weight.values = sparse.weight.dense().values

    let collector = Collector()
    func gradients(_ layer: any Layer, _ visitor: Collector?) throws {
      let tape = Tape(context: ComputeContext(threadCount: 2))
      tape.denseGradientVisitor = visitor
      let output = try layer(tape.input(images))
      let target = Tensor(repeating: 1, shape: output.shape)
      try tape.backward(from: MeanSquaredError()(output, target: target))
    }
    try gradients(dense, nil)
    collector.wanted = ObjectIdentifier(sparse.weight)
    try gradients(sparse, collector)
    let got = try #require(collector.gradients[ObjectIdentifier(sparse.weight)])
    let want = dense.weight.gradient
    #expect(got.count == want.count)
    let bias = zip(sparse.bias?.values ?? [], dense.bias?.values ?? [])
    #expect(bias.allSatisfy { $0 == $1 })
    // The same kernel on outputs that two kernels have computed: these differ by roundings of sums of 36 products below 10.
    let largest = want.map(abs).max() ?? 0
    for (index, pair) in zip(got, want).enumerated() {
      #expect(abs(pair.0 - pair.1) <= 1e-5 * largest, "\(index): \(pair)")
    }
    // At the stored positions it is the sparse gradient.
    let pattern = try #require(sparse.weight.pattern)
    for row in 0..<pattern.rows {
      for entry in pattern.entries(ofRow: row) {
        let position = row * pattern.columns + Int(pattern.columnIndices[entry])
        #expect(abs(got[position] - sparse.weight.gradient[entry]) <= 1e-5 * largest)
      }
    }
  }

  /// Once, the sum of all uses; a use on which the loss does not depend adds nothing.
  @Test(arguments: [1, 2, 3], [false, true])
  func ofALayerUsedSeveralTimesItIsTheSum(useCount: Int, hasIdleUse: Bool) throws {
    var generator = SeededGenerator(seed: 8)
    let layer = try SparseConv2d(
      ConvGeometry(3, 3, kernelSize: 3, padding: 1), sparsity: 0.6, using: &generator)
    let images = Tensor.random([2, 3, 6, 5], using: &generator)
    let collector = Collector()
    collector.wanted = ObjectIdentifier(layer.weight)
    let tape = Tape(context: ComputeContext(threadCount: 2))
    tape.denseGradientVisitor = collector
    var idle: Variable?
    var value = tape.input(images)
    for _ in 0..<useCount {
      value = try layer(value)
      if hasIdleUse { idle = try layer(value) }
    }
    try tape.backward(from: MeanSquaredError()(value, target: Tensor(repeating: 1, shape: value.shape)))
    _ = idle
    let got = try #require(collector.gradients[ObjectIdentifier(layer.weight)])
    #expect(collector.visitCount == 1)
    let pattern = try #require(layer.weight.pattern)
    let largest = got.map(abs).max() ?? 0
    for row in 0..<pattern.rows {
      for entry in pattern.entries(ofRow: row) {
        let position = row * pattern.columns + Int(pattern.columnIndices[entry])
        #expect(abs(got[position] - layer.weight.gradient[entry]) <= 1e-5 * largest)
      }
    }
  }

  @Test func nobodyIsAskedInVain() throws {
    var generator = SeededGenerator(seed: 7)
    let layer = try SparseConv2d(ConvGeometry(2, 2, kernelSize: 1), sparsity: 0.5, using: &generator)
    let collector = Collector()
    let tape = Tape(context: ComputeContext())
    tape.denseGradientVisitor = collector
    let output = try layer(tape.input(Tensor(repeating: 1, shape: [1, 2, 3, 3])))
    try tape.backward(from: MeanSquaredError()(output, target: Tensor(zeros: output.shape)))
    #expect(collector.gradients.isEmpty)
  }
}
