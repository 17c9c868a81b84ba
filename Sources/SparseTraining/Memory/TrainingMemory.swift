import NeuralLayers
import SparseKernels
import TensorCore

/// The bytes that training a model holds at once, by what they are for.
///
/// Everything that belongs to a sparse weight is in O(nnz). With the kernel `direct` each stored weight costs 4 bytes as a value, 4 as
/// gradient, 4 in the pattern, 4 for each array of the optimizer, and for each input shape 36 packed: 4 in the order of the pattern, 8
/// forward, 8 in the transposition, 8 transposed (for each phase of a stride that reads it), 8 for the weight gradient. To these come the
/// records, 8 bytes for each row of weights in each block of channels (12 for the weight gradient), and row offsets. At one weight in
/// a hundred with Adam it is less than a dense layer's weights alone.
///
/// What prepares, packs or changes is not counted where it is gone before the rest exists, nor are small things that do not grow with
/// the model.
public struct TrainingMemory: Hashable, Sendable {
  /// Values and gradients of parameters, and buffers.
  public let parameters: Int
  /// Where sparse parameters are stored.
  public let patterns: Int
  /// What the optimizer remembers.
  public let optimizer: Int
  /// What layers have packed for their kernels.
  public let packed: Int
  /// The values of the largest layer once more, while it is packed anew after a step.
  public let repacking: Int
  /// The tape's values and gradients.
  public let activations: Int
  /// The scratch memory of the context.
  public let scratch: Int

  /// The sum of all parts.
  public var total: Int { parameters + patterns + optimizer + packed + repacking + activations + scratch }

  /// Adds up the sizes that follow from a model, once a step was made with it: then it is known which shapes come.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - slotCount: the arrays that the optimizer keeps for each parameter, such as the count of its `slotNames`.
  ///   - tape: what the step was recorded on.
  /// - Complexity: O(layers), after reflection over the model.
  public init(of model: some Module, slotCount: Int, tape: Tape) {
    let (float, index) = (MemoryLayout<Float>.stride, MemoryLayout<Int32>.stride)
    let all = model.parameters.map(\.parameter)
    let count = all.reduce(0) { $0 + $1.count }
    parameters = (2 * count + model.buffers.reduce(0) { $0 + $1.buffer.count }) * float
    patterns = all.compactMap(\.pattern).reduce(0) { $0 + $1.nnz + $1.rows + 1 } * index
    optimizer = slotCount * count * float
    var known = Set<ObjectIdentifier>()
    let layers = ([model] as [any Module] + model.modules.map(\.module)).compactMap { $0 as? any WeightedLayer }
      .filter { known.insert(ObjectIdentifier($0.weight)).inserted }
    packed = layers.reduce(0) { $0 + $1.packedByteCount }
    repacking = (layers.map { $0.weight.count }.max() ?? 0) * float
    activations = tape.pool.allocatedByteCount
    scratch = tape.context.scratchByteCount
  }

  /// The bytes that are held beside the rest while the pattern of a parameter changes: the new pattern with its sources, and either
  /// the values as they were and as they are moved, or the optimizer's arrays moved. What is packed for the old pattern stays until the
  /// layer is used again, and the old pattern with it.
  ///
  /// - Parameters:
  ///   - nnz: the positions that are stored afterwards; about as many as before.
  ///   - slotCount: as in ``init(of:slotCount:tape:)``.
  public static func patternChangeByteCount(nnz: Int, slotCount: Int) -> Int {
    nnz * (2 * MemoryLayout<Int32>.stride + max(2, slotCount) * MemoryLayout<Float>.stride)
  }
}
