import Foundation
import ModelFormats
import NeuralLayers
import Optimizers
import Pruning
import TensorCore

/// A safetensors file from which a training goes on with the same bits; the layout is in `docs/file-formats.md`.
///
/// Parameters and buffers stand under their own names, sparse ones as sparse matrices, so that whatever reads weights reads a
/// checkpoint.
public struct TrainingCheckpoint: Sendable {
  /// The version that is written, and the newest that is read. A setting that is added needs another, or a default.
  public static let version = 1

  /// The name of the network, as whoever made it called it.
  public let networkName: String
  /// What training depends on.
  public let settings: TrainingSettings
  /// Where training stands.
  public let position: TrainingPosition
  /// What is known of the data.
  public let data: DataDescription

  let file: SafetensorsFile
  let optimizer: OptimizerText

  /// What a checkpoint says of the optimizer in text.
  struct OptimizerText: Hashable, Sendable, Codable {
    var name: String
    var step: Int
  }

  /// The keys in the file's free text.
  enum Key {
    static let version = "sparsenn.checkpoint"
    static let network = "sparsenn.network"
    static let settings = "sparsenn.settings"
    static let position = "sparsenn.position"
    static let data = "sparsenn.data"
    static let optimizer = "sparsenn.optimizer"
    static let dropout = "sparsenn.dropout"
  }

  /// What stands before the names of arrays that are no weights.
  enum Prefix {
    static let optimizer = "optimizer."
    static let movement = "movement."
  }

  /// - Throws: ``TrainingError/data(_:)`` if arrays of the model would stand among those that are no weights.
  static func checkNames(of model: any Layer) throws(TrainingError) {
    for name in model.parameters.map(\.name) + model.buffers.map(\.name) {
      if let prefix = [Prefix.optimizer, Prefix.movement].first(where: name.hasPrefix) {
        throw .data("the network has \(name), expected a name that does not begin with \(prefix)")
      }
    }
  }

  /// Opens a checkpoint; its arrays are read when they are asked for.
  ///
  /// - Throws: ``FormatError`` if the file cannot be read or is no whole safetensors file, ``TrainingError/checkpoint(file:_:)`` if
  ///   it is no checkpoint or from a newer version.
  public init(path: String) throws {
    file = try SafetensorsFile(path: path)
    let metadata = file.metadata
    guard let written = metadata[Key.version] else {
      throw TrainingError.checkpoint(
        file: path, "is no checkpoint: the text \(Key.version) is missing, expected the version of its layout")
    }
    guard let version = Int(written), (1...Self.version).contains(version) else {
      throw TrainingError.checkpoint(
        file: path, "has the layout of version \(written.prefix(20)), expected \(Self.version) or older")
    }
    func text(_ key: String) throws -> Data {
      guard let text = metadata[key] else {
        throw TrainingError.checkpoint(file: path, "the text \(key) is missing")
      }
      return Data(text.utf8)
    }
    func decoded<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
      let data = try text(key)
      do { return try MetricJSON.decoder.decode(type, from: data) } catch {
        throw TrainingError.checkpoint(file: path, "the text \(key) is not as this program writes it")
      }
    }
    networkName = String(decoding: try text(Key.network), as: UTF8.self)
    settings = try decoded(TrainingSettings.self, Key.settings)
    position = try decoded(TrainingPosition.self, Key.position)
    data = try decoded(DataDescription.self, Key.data)
    optimizer = try decoded(OptimizerText.self, Key.optimizer)
    do { try settings.check() } catch { throw TrainingError.checkpoint(file: path, "\(error)") }
    guard position.epoch >= 0, position.batch >= 0, position.step >= 0, position.history.count == position.epoch else {
      throw TrainingError.checkpoint(file: path, "the text \(Key.position) contradicts itself")
    }
  }

  /// The network's name, where it is the expected one.
  ///
  /// - Throws: ``TrainingError/checkpoint(file:_:)`` if the checkpoint is of another network.
  func check(networkName expected: String) throws(TrainingError) {
    if networkName != expected {
      throw .checkpoint(file: file.name, "is of the network \(networkName.prefix(60)), expected \(expected)")
    }
  }
}
