import Foundation
import ModelFormats
import Optimizers
import Pruning
import TensorCore

/// What `training.py` checks: a step of an optimizer, and changes of patterns.
enum TrainingOperations {
  /// One step: of each parameter `<name>.values`, `<name>.gradient` and its slots, which are written again but for the
  /// gradient. The metadata have the optimizer, its hyper-parameters, the steps before this one and the learning rate.
  static func update(source: String, destination: String) throws {
    let file = try SafetensorsFile(path: source)
    let parameters = Data(try file.text("parameters").utf8)
    switch try file.text("optimizer") {
    case "SGD": try update(file, JSONDecoder().decode(SGD.self, from: parameters), to: destination)
    case "Adam": try update(file, JSONDecoder().decode(Adam.self, from: parameters), to: destination)
    case "Adagrad": try update(file, JSONDecoder().decode(Adagrad.self, from: parameters), to: destination)
    case let other: throw Missing(what: other)
    }
  }

  private static func update(_ file: SafetensorsFile, _ optimizer: some Optimizer, to destination: String) throws {
    var optimizer = optimizer
    let names = file.tensorNames.filter { $0.hasSuffix(".values") }.map { String($0.dropLast(7)) }
    var arrays: [String: [Float]] = [:]
    var counts: [String: Int] = [:]
    for name in names {
      counts[name] = try file.tensor(named: "\(name).values").count
      for slot in optimizer.slotNames { arrays["\(name).\(slot)"] = try file.tensor(named: "\(name).\(slot)").values }
    }
    try optimizer.restore(
      OptimizerCheckpoint(optimizer: type(of: optimizer).name, step: file.number("steps"), arrays: arrays),
      parameterCounts: counts)
    let rate: Double = try file.number("rate")
    optimizer.beginStep()
    var writer = SafetensorsWriter()
    for name in names {
      var values = try file.tensor(named: "\(name).values")
      let gradient = try file.tensor(named: "\(name).gradient")
      values.withUnsafeMutableBufferPointer { values in
        gradient.withUnsafeBufferPointer {
          optimizer.update(name, values: values, gradient: $0, learningRate: rate)
        }
      }
      try writer.add(values, named: "\(name).values")
    }
    for (name, array) in optimizer.checkpoint().arrays {
      try writer.add(Tensor(array, shape: [array.count]), named: name)
    }
    try writer.write(to: destination)
  }

  /// Prunes matrices by the scores `<name>.scores`. The metadata have the method and the step.
  static func prune(source: String, destination: String) throws {
    let file = try SafetensorsFile(path: source, allowingNonfinite: true)
    let method = try JSONDecoder().decode(PruningMethod.self, from: Data(file.text("method").utf8))
    let names = file.tensorNames.filter { $0.hasSuffix(".scores") }.map { String($0.dropLast(7)) }.sorted()
    let weights = try names.map { try file.matrix(named: $0) }
    let layers = try zip(names, weights).map { name, weights in
      try PruningMethod.Layer(
        shape: file.matrixShape(named: name), pattern: weights.pattern,
        scores: file.tensor(named: "\(name).scores").values)
    }
    let changes = try method.changes(of: layers, at: file.number("step"))
    var writer = SafetensorsWriter()
    for index in names.indices {
      try writer.add(changes[index].applied(to: weights[index]), named: names[index], shape: layers[index].shape)
    }
    try writer.write(to: destination)
  }

  /// Changes the pattern of the matrix `layer` by its dense gradient `layer.gradient`.
  static func rewire(source: String, destination: String) throws {
    let file = try SafetensorsFile(path: source, allowingNonfinite: true)
    let method = try JSONDecoder().decode(DynamicSparsity.self, from: Data(file.text("method").utf8))
    let weights = try file.matrix(named: "layer")
    let step: Int = try file.number("step")
    let change = try file.tensor(named: "layer.gradient").withUnsafeBufferPointer {
      method.change(of: weights, name: "layer", step: step, denseGradient: $0)
    }
    var writer = SafetensorsWriter()
    try writer.add(change.applied(to: weights), named: "layer", shape: file.matrixShape(named: "layer"))
    try writer.write(to: destination)
  }
}

struct Missing: Error {
  let what: String
}

extension SafetensorsFile {
  func text(_ key: String) throws -> String {
    guard let text = metadata[key] else { throw Missing(what: key) }
    return text
  }

  func number<Number: LosslessStringConvertible>(_ key: String) throws -> Number {
    guard let number = Number(try text(key)) else { throw Missing(what: key) }
    return number
  }
}
