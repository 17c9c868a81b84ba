import NeuralLayers
import Optimizers
import Pruning
import TensorCore

/// Changes the patterns of a model's sparse layers at the steps at which a method says so; an optimizer's state follows.
struct SparsityController {
  private let layers: [NamedParameter]
  private let pruning: PruningMethod?
  private let dynamics: DynamicSparsity?
  private let collector: SteepestGrowth?
  /// The movement of the weights so far, where the method looks at it.
  var movement: MovementScores?

  init(_ settings: TrainingSettings, model: SparseModel, steps: Int) {
    let layers = model.prunable.filter { $0.parameter.pattern != nil }
    self.layers = layers
    pruning = settings.method.pruning(
      sparsity: settings.sparsity, distribution: settings.distribution, steps: steps)
    dynamics = settings.method.dynamics(steps: steps, seed: settings.seed)
    collector = dynamics.flatMap { $0.needsDenseGradient ? SteepestGrowth(layers, $0) : nil }
    movement = pruning?.score == .movement ? MovementScores() : nil
  }

  /// Before the backward pass of a step: where the steepest positions are to grow, asks the tape for gradients of all.
  func beforeBackward(step: Int, tape: Tape) {
    guard let collector, let dynamics else { return }
    let changes = dynamics.changesPattern(at: step)
    collector.step = step
    tape.denseGradientVisitor = changes ? collector : nil
  }

  /// After the backward pass of a step, before the weights change.
  ///
  /// - Returns: whether patterns have changed in the place of an update, as RigL's algorithm 1 does: the gradients are gone.
  mutating func afterBackward(step: Int, optimizer: inout any Optimizer) -> Bool {
    for layer in layers where movement != nil {
      movement?.accumulate(layer.name, values: layer.parameter.values, gradient: layer.parameter.gradient)
    }
    if let collector, dynamics?.changesPattern(at: step) == true {
      let changes = collector.takeChanges()
      for (layer, change) in changes { apply(change, to: layer, &optimizer) }
      return !changes.isEmpty
    }
    if let pruning, pruning.score == .sensitivity, pruning.schedule.prunes(at: step) {
      prune(by: pruning, step: step, &optimizer)
      return true
    }
    return false
  }

  /// After the weights of a step have changed.
  mutating func afterUpdate(step: Int, optimizer: inout any Optimizer) {
    if let pruning, pruning.score != .sensitivity, pruning.schedule.prunes(at: step) {
      prune(by: pruning, step: step, &optimizer)
    }
    if let dynamics, collector == nil, dynamics.changesPattern(at: step) {
      for layer in layers {
        guard let matrix = layer.storedMatrix else { continue }
        apply(dynamics.change(of: matrix, name: layer.name, step: step), to: layer, &optimizer)
      }
    }
  }

  private mutating func prune(by pruning: PruningMethod, step: Int, _ optimizer: inout any Optimizer) {
    let described = layers.map { layer in
      PruningMethod.Layer(
        shape: layer.parameter.shape, pattern: layer.pattern, scores: scores(of: layer, pruning.score))
    }
    for (layer, change) in zip(layers, pruning.changes(of: described, at: step)) {
      apply(change, to: layer, &optimizer)
    }
  }

  private func scores(of layer: NamedParameter, _ score: PruningScore) -> [Float] {
    if let movement { return movement.sums[layer.name] ?? [] }
    return score.scores(
      name: layer.name, values: layer.parameter.values,
      gradient: score.needsGradient ? layer.parameter.gradient : [])
  }

  private mutating func apply(_ change: PatternChange, to layer: NamedParameter, _ optimizer: inout any Optimizer) {
    if change.grownCount == 0 && change.pattern.nnz == layer.parameter.count { return }
    layer.parameter.setPattern(change.pattern, values: change.moved(layer.parameter.values))
    optimizer.patternChanged(layer.name, sources: change.sources)
    movement?.patternChanged(layer.name, change)
  }
}

extension NamedParameter {
  /// - Precondition: the parameter is sparse.
  fileprivate var pattern: SparsityPattern {
    guard let pattern = parameter.pattern else { preconditionFailure("SparsityController: \(name) is dense") }
    return pattern
  }

  /// The stored weights, or nil of a dense parameter.
  fileprivate var storedMatrix: CSRMatrix? {
    parameter.pattern.map { CSRMatrix(uncheckedPattern: $0, values: parameter.values) }
  }
}

/// Works out, while a backward pass goes on, which positions of each layer grow: only one layer's gradient of all positions exists
/// at a time.
private final class SteepestGrowth: DenseGradientVisitor {
  var step = 0

  private let layers: [NamedParameter]
  private let indices: [ObjectIdentifier: Int]
  private let dynamics: DynamicSparsity
  private var changes: [Int: PatternChange] = [:]

  init(_ layers: [NamedParameter], _ dynamics: DynamicSparsity) {
    self.layers = layers
    self.dynamics = dynamics
    indices = Dictionary(uniqueKeysWithValues: layers.indices.map { (ObjectIdentifier(layers[$0].parameter), $0) })
  }

  func wantsDenseGradient(of weight: Parameter) -> Bool { indices[ObjectIdentifier(weight)] != nil }

  func visit(_ gradient: UnsafeBufferPointer<Float>, of weight: Parameter) {
    guard let index = indices[ObjectIdentifier(weight)], let matrix = layers[index].storedMatrix else { return }
    changes[index] = dynamics.change(
      of: matrix, name: layers[index].name, step: step, denseGradient: gradient)
  }

  /// The changes of this pass, in the order of the layers.
  func takeChanges() -> [(layer: NamedParameter, change: PatternChange)] {
    defer { changes.removeAll() }
    return changes.sorted { $0.key < $1.key }.map { (layers[$0.key], $0.value) }
  }
}
