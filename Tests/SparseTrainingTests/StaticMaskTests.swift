import NeuralLayers
import Optimizers
import SparseKernels
import TensorCore
import Testing

/// What is not stored stays so, however long training goes on.
@Suite struct StaticMaskTests {
  @Test func adamKeepsAStaticMask() throws { try checkPatternStays(Adam(weightDecay: 1e-3)) }

  @Test func adamWKeepsAStaticMask() throws { try checkPatternStays(AdamW(weightDecay: 1e-2)) }

  private func checkPatternStays(_ start: some Optimizer) throws {
    var optimizer = start
    var generator = SeededGenerator(seed: 8)
    let net = SparseNet(
      conv: try SparseConv2d(
        ConvGeometry(3, 7, kernelSize: 3, stride: 2, padding: 1), sparsity: 0.7, using: &generator),
      linear: try SparseLinear(63, 5, sparsity: 0.8, using: &generator))
    let images = Tensor.random([6, 3, 5, 6], using: &generator)
    let weights = [net.conv.weight, net.linear.weight]
    let patterns = try weights.map { try #require($0.pattern) }
    let values = weights.map(\.values)
    let stored = weights.map { $0.pattern?.mask() ?? [] }

    let tape = Tape(context: ComputeContext())
    let losses = try net.train(
      10_000, on: images, labels: [0, 1, 2, 3, 4, 0], tape: tape, optimizer: &optimizer, learningRate: 1e-3)

    #expect(losses[9_999] < losses[0] / 2, "the loss went from \(losses[0]) to \(losses[9_999])")
    for (index, weight) in weights.enumerated() {
      let pattern = try #require(weight.pattern)
      #expect(pattern.rowOffsets == patterns[index].rowOffsets)
      #expect(pattern.columnIndices == patterns[index].columnIndices)
      #expect(weight.patternVersion == 0)
      #expect(weight.values.count == pattern.nnz && weight.gradient.count == pattern.nnz)
      // Decay reaches every stored weight, also one whose gradient is 0.
      let unchanged = zip(weight.values, values[index]).count { $0 == $1 }
      #expect(unchanged == 0, "\(unchanged) of \(pattern.nnz) values are as at the start")
      let revived = zip(weight.dense().values, stored[index]).count { !$1 && $0.bitPattern != 0 }
      #expect(revived == 0, "\(revived) pruned weights are not zero")
    }
    for named in net.parameters {
      for (slot, array) in optimizer.state(of: named.name) {
        #expect(array.count == named.parameter.count, "\(slot) of \(named.name)")
      }
    }
  }
}
