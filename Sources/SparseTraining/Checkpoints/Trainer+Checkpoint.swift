import Foundation
import ModelFormats
import NeuralLayers
import Optimizers
import Pruning
import TensorCore

extension Trainer {
  /// Writes the state to ``checkpointPath``, if there is one; the file that was there stays until the new one is whole.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``; ``TrainingError/stateNotFinite(_:step:)`` if a number is none.
  public func saveCheckpoint() throws {
    guard let checkpointPath else { return }
    typealias Key = TrainingCheckpoint.Key
    let state = optimizer.checkpoint()
    try checkFinite(state)
    var writer = SafetensorsWriter(metadata: [
      Key.version: "\(TrainingCheckpoint.version)", Key.network: networkName, Key.settings: try Self.json(settings),
      Key.position: try Self.json(position), Key.data: try Self.json(data),
      Key.optimizer: try Self.json(TrainingCheckpoint.OptimizerText(name: state.optimizer, step: state.step)),
      Key.dropout: try Self.json(dropouts.mapValues(\.state)),
    ])
    try writer.add(model.model)
    for (name, array) in state.arrays.sorted(by: { $0.key < $1.key }) {
      try writer.add(Tensor(array, shape: [array.count]), named: TrainingCheckpoint.Prefix.optimizer + name)
    }
    for (name, sums) in (sparsity.movement?.sums ?? [:]).sorted(by: { $0.key < $1.key }) {
      try writer.add(Tensor(sums, shape: [sums.count]), named: TrainingCheckpoint.Prefix.movement + name)
    }
    try writer.write(to: checkpointPath)
  }

  /// Goes on from a checkpoint, with the bits that an uninterrupted training would have.
  ///
  /// Everything is read and checked first: after an error the trainer is what it was.
  ///
  /// - Precondition: no step has been made.
  /// - Throws: ``FormatError`` if the file is damaged; ``TrainingError/checkpoint(file:_:)`` if it is of another network or of other
  ///   settings.
  public func resume(from checkpoint: TrainingCheckpoint) throws {
    precondition(position.step == 0, "Trainer: resumed at step \(position.step), expected 0")
    let file = checkpoint.file
    func refuse(_ problem: String) -> TrainingError { .checkpoint(file: file.name, problem) }
    try checkpoint.check(networkName: networkName)
    guard checkpoint.settings == settings else { throw refuse("is of other settings than these") }
    guard checkpoint.data == data else { throw refuse("is of other images than these") }
    guard isPossible(checkpoint.position) else { throw refuse("stands where no training of these settings can") }
    guard checkpoint.optimizer.step <= checkpoint.position.step else {
      throw refuse("has the optimizer's step \(checkpoint.optimizer.step) after \(checkpoint.position.step) steps")
    }
    let weights = try StoredWeights(of: model.model, in: file)
    let state = try arrays(in: file, after: TrainingCheckpoint.Prefix.optimizer)
    if checkpoint.optimizer.step > 0, let missing = missingArray(in: state, counts: weights.counts) {
      throw refuse("has no \(missing)")
    }
    let saved = OptimizerCheckpoint(
      optimizer: checkpoint.optimizer.name, step: checkpoint.optimizer.step, arrays: state)
    var restored = optimizer
    do throws(OptimizerError) {
      try restored.restore(saved, parameterCounts: weights.counts)
    } catch {
      throw refuse("\(error)")
    }
    let movement = try arrays(in: file, after: TrainingCheckpoint.Prefix.movement)
    for (name, sums) in movement where weights.counts[name] != sums.count {
      throw refuse("movement of \(name) has \(sums.count) elements, expected \(weights.counts[name] ?? 0)")
    }
    if sparsity.movement != nil, checkpoint.position.step > 0 {
      for layer in model.prunable where movement[layer.name] == nil { throw refuse("has no movement of \(layer.name)") }
    }
    let states = try dropoutStates(in: file)

    weights.load()
    optimizer = restored
    if sparsity.movement != nil { sparsity.movement = MovementScores(sums: movement) }
    for (name, dropout) in dropouts { dropout.state = states[name] ?? dropout.state }
    position = checkpoint.position
  }

  /// The first array of the optimizer that is not there, which the optimizer would take for that of a parameter that was never
  /// updated.
  private func missingArray(in state: [String: [Float]], counts: [String: Int]) -> String? {
    let slots = optimizer.slotNames
    for name in counts.keys.sorted() where counts[name] != 0 {
      if let slot = slots.first(where: { state["\(name).\($0)"] == nil }) { return "\(slot) of \(name)" }
    }
    return nil
  }

  /// Whether a training of these settings and images comes through a position.
  private func isPossible(_ position: TrainingPosition) -> Bool {
    guard position.epoch <= settings.epochs, position.batch <= loader.batchCount else { return false }
    return position.step == position.epoch * loader.batchCount + position.batch
      && position.imageCount == min(position.batch * settings.batchSize, loader.imageCount)
      && (0...position.imageCount).contains(position.correctCount) && position.lossSum.isFinite
      && position.seconds >= 0 && position.seconds.isFinite
  }

  /// A file with a number that is none could not be read again: the one before it stays.
  private func checkFinite(_ state: OptimizerCheckpoint) throws(TrainingError) {
    let arrays = state.arrays.map { (TrainingCheckpoint.Prefix.optimizer + $0.key, $0.value) }
    let sums = (sparsity.movement?.sums ?? [:]).map { (TrainingCheckpoint.Prefix.movement + $0.key, $0.value) }
    let runs =
      parameters.map { ($0.name, $0.parameter.values) } + model.model.buffers.map { ($0.name, $0.buffer.values) }
      + (arrays + sums).sorted { $0.0 < $1.0 }
    if let name = runs.first(where: { !$0.1.allSatisfy(\.isFinite) })?.0 {
      throw .stateNotFinite(name, step: position.step)
    }
  }

  private var dropouts: [String: Dropout] {
    var found: [String: Dropout] = [:]
    for (name, module) in model.model.modules {
      if let dropout = module as? Dropout { found[name] = dropout }
    }
    return found
  }

  private func dropoutStates(in file: SafetensorsFile) throws -> [String: UInt64] {
    let text = Data((file.metadata[TrainingCheckpoint.Key.dropout] ?? "").utf8)
    guard let states = try? JSONDecoder().decode([String: UInt64].self, from: text),
      states.keys.sorted() == dropouts.keys.sorted()
    else {
      throw TrainingError.checkpoint(file: file.name, "the states of dropout layers are not those of this network")
    }
    return states
  }

  private func arrays(in file: SafetensorsFile, after prefix: String) throws(FormatError) -> [String: [Float]] {
    var arrays: [String: [Float]] = [:]
    for name in file.tensorNames where name.hasPrefix(prefix) {
      arrays[String(name.dropFirst(prefix.count))] = try file.tensor(named: name).values
    }
    return arrays
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = MetricJSON.encoder
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
