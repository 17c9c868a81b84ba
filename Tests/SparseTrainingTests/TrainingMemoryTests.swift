import NeuralLayers
import Optimizers
import Pruning
import SparseKernels
import SparseTraining
import TensorCore
import TestSupport
import Testing

/// The bytes that training holds, against their prediction, on layers whose dense copy would stand out.
@Suite struct TrainingMemoryTests {
  private static let geometry = ConvGeometry(512, 512, kernelSize: 3, padding: 1)
  private static let features = 4096

  @Test(arguments: [false, true]) func peakIsAsPredicted(changesPattern: Bool) throws {
    var prediction = 0
    let peak = try peakAllocatedByteCount { prediction = try Self.train(changesPattern: changesPattern) }
    // One thread is followed; where allocations are not counted there is still the prediction's own check.
    guard let peak else { return }
    // A tenth is for what is not a model's: the tape, names, rounding of block sizes.
    #expect(
      abs(Double(peak - prediction)) <= 0.1 * Double(prediction), "\(peak) bytes, predicted \(prediction)")
    let dense = (Self.geometry.weightShape.elementCount + Self.features * Self.features) * 4
    #expect(peak < dense / 3, "\(peak) bytes, a dense copy has \(dense)")
  }

  /// Trains with Adam; returns the prediction of the most bytes at once.
  private static func train(changesPattern: Bool) throws -> Int {
    var generator = SeededGenerator(seed: 3)
    let net = SparseNet(
      conv: try SparseConv2d(geometry, sparsity: 0.99, using: &generator),
      linear: try SparseLinear(features, features, sparsity: 0.99, using: &generator))
    let (batch, images) = (4, Tensor.random([4, 512, 2, 4], using: &generator))
    let labels = (0..<batch).map { $0 * 1000 }
    let tape = Tape(context: ComputeContext(threadCount: 1))
    var optimizer = Adam(weightDecay: 1e-4)
    _ = try net.train(3, on: images, labels: labels, tape: tape, optimizer: &optimizer, learningRate: 1e-3)
    let memory = TrainingMemory(of: net, slotCount: 2, tape: tape)
    try check(memory, of: net, optimizer: optimizer)
    let steady = memory.total + images.count * 4
    if !changesPattern { return steady }

    let method = DynamicSparsity.set(fraction: 0.1, seed: 5, interval: 1, end: 10)
    for (name, weight) in [("conv.weight", net.conv.weight), ("linear.weight", net.linear.weight)] {
      let change = method.change(of: try weight.matrix(), name: name, step: 3)
      #expect(change.grownCount > 0)
      weight.setPattern(change.pattern, values: change.moved(weight.values))
      optimizer.patternChanged(name, sources: change.sources)
    }
    _ = try net.train(2, on: images, labels: labels, tape: tape, optimizer: &optimizer, learningRate: 1e-3)
    let after = TrainingMemory(of: net, slotCount: 2, tape: tape)
    try check(after, of: net, optimizer: optimizer)
    // When the second layer changes, the first has its new pattern, and the old one is still packed.
    let change = TrainingMemory.patternChangeByteCount(nnz: net.linear.weight.count, slotCount: 2)
    let during = steady - memory.repacking + net.conv.weight.count * 4 + change
    return max(during, after.total + images.count * 4)
  }

  /// The parts against the formula by stored weights.
  private static func check(_ memory: TrainingMemory, of net: SparseNet, optimizer: Adam) throws {
    let stored = net.conv.weight.count + net.linear.weight.count
    let biases = net.parameters.reduce(0) { $0 + $1.parameter.count } - stored
    let rows = net.conv.weight.shape[0] + net.linear.weight.shape[0]
    #expect(memory.parameters == 8 * (stored + biases))
    #expect(memory.patterns == 4 * (stored + rows + 2))
    #expect(memory.optimizer == 8 * (stored + biases))
    #expect(memory.optimizer == optimizer.state.byteCount)
    #expect(memory.repacking == 4 * net.linear.weight.count)
    // Three times records, at most one for each weight and one for each row without any, and row offsets and blocks.
    #expect(memory.packed > 36 * stored && memory.packed < (36 + 8 + 8 + 12) * stored + 200 * rows)
  }
}
