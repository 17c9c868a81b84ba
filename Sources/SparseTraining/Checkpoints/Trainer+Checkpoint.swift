import Foundation
import ModelFormats
import NeuralLayers
import Optimizers
import Pruning
import TensorCore

extension Trainer {
  /// Writes the state to ``checkpointPath``, if there is one; the file that was there stays until the new one is whole.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``.
  public func saveCheckpoint() throws {
    guard let checkpointPath else { return }
    typealias Key = TrainingCheckpoint.Key
    let state = optimizer.checkpoint()
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
    guard checkpoint.position.batch <= loader.batchCount else {
      throw refuse("stands at step \(checkpoint.position.batch) of an epoch of \(loader.batchCount)")
    }
    let weights = try StoredWeights(of: model.model, in: file)
    var restored = optimizer
    do {
      try restored.restore(
        OptimizerCheckpoint(
          optimizer: checkpoint.optimizer.name, step: checkpoint.optimizer.step,
          arrays: try arrays(in: file, after: TrainingCheckpoint.Prefix.optimizer)),
        parameterCounts: weights.counts)
    } catch let error as OptimizerError {
      throw refuse("\(error)")
    }
    let movement = try arrays(in: file, after: TrainingCheckpoint.Prefix.movement)
    for (name, sums) in movement where weights.counts[name] != sums.count {
      throw refuse("movement of \(name) has \(sums.count) elements, expected \(weights.counts[name] ?? 0)")
    }
    let states = try dropoutStates(in: file)

    weights.load()
    optimizer = restored
    if sparsity.movement != nil { sparsity.movement = MovementScores(sums: movement) }
    for (name, dropout) in dropouts { dropout.state = states[name] ?? dropout.state }
    position = checkpoint.position
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
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
