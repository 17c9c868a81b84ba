import NeuralLayers
import Optimizers
import TensorCore

extension Trainer {
  /// One step: forward, backward, and an update of the weights or of the pattern.
  func step(_ batch: Batch) throws {
    let step = position.step
    let logits = try model.model(tape.input(batch.images))
    let loss = try loss(logits, labels: batch.labels)
    guard loss.scalar.isFinite else {
      throw TrainingError.lossNotFinite(
        loss: loss.scalar, epoch: position.epoch + 1, step: step, place: try placeOfNonFinite(batch))
    }
    let correct = Self.correctCount(logits.value, batch.labels)
    sparsity.beforeBackward(step: step, tape: tape)
    try tape.backward(from: loss)
    try clipGradients()
    if !sparsity.afterBackward(step: step, optimizer: &optimizer) {
      try update(step: step)
      sparsity.afterUpdate(step: step, optimizer: &optimizer)
    }
    position.step += 1
    position.batch += 1
    position.lossSum += Double(loss.scalar) * Double(batch.labels.count)
    position.correctCount += correct
    position.imageCount += batch.labels.count
  }

  /// How many rows of logits are largest at their label.
  static func correctCount(_ logits: Tensor, _ labels: [Int]) -> Int {
    let classes = logits.shape[1]
    return logits.withUnsafeBufferPointer { logits in
      labels.indices.count { image in
        let row = image * classes..<(image + 1) * classes
        // Of equal logits the first is the answer, as elsewhere; what is no number answers nothing.
        let label = row.lowerBound + labels[image]
        return !logits[label].isNaN
          && label == row.max { logits[$0] < logits[$1] || (logits[$0] == logits[$1] && $0 > $1) }
      }
    }
  }

  private func update(step: Int) throws {
    let rate = schedule.rate(step: step)
    optimizer.beginStep()
    try measured {
      for (name, parameter) in parameters.lazy.map({ ($0.name, $0.parameter) }) {
        try parameter.update { values, gradient in
          try optimizer.update(
            name, values: values, gradient: gradient, learningRate: rate, context: tape.context)
        }
      }
    }
  }

  /// Brings the norm of all gradients down to the limit, and looks whether they are numbers.
  private func clipGradients() throws {
    var norm = GradientNorm()
    for parameter in parameters { parameter.parameter.withUnsafeGradient { norm.add($0) } }
    guard norm.value.isFinite else {
      let first = parameters.first { !$0.parameter.withUnsafeGradient { $0.allSatisfy(\.isFinite) } }
      throw TrainingError.gradientNotFinite(
        parameter: first?.name ?? "the model", epoch: position.epoch + 1, step: position.step)
    }
    guard let limit = settings.gradientClipping else { return }
    let factor = norm.clippingFactor(limit: limit)
    for parameter in parameters {
      parameter.parameter.withUnsafeMutableGradient { GradientNorm.scale($0, by: factor) }
    }
  }

  private func measured(_ body: () throws -> Void) rethrows {
    guard let profile else { return try body() }
    let clock = ContinuousClock()
    let elapsed = try clock.measure(body)
    profile.recordOptimizer(seconds: elapsed / .seconds(1))
  }

  /// Where a number that is none was first met: a weight, or what an operation computes of this batch.
  private func placeOfNonFinite(_ batch: Batch) throws -> String {
    if let parameter = parameters.first(where: { !$0.parameter.withUnsafeValues { $0.allSatisfy(\.isFinite) } }) {
      return parameter.name
    }
    if !batch.images.withUnsafeBufferPointer({ $0.allSatisfy(\.isFinite) }) { return "the images" }
    let names = Dictionary(parameters.map { (ObjectIdentifier($0.parameter), $0.name) }) { first, _ in first }
    var place: String?
    tape.reset()
    tape.inspector = { operation in
      guard place == nil, !operation.output.withUnsafeBufferPointer({ $0.allSatisfy(\.isFinite) }) else { return }
      let layer = operation.weight.flatMap { names[ObjectIdentifier($0)] }
      place = layer.map { "the layer of \($0) (\(operation.name))" } ?? operation.name
    }
    defer {
      tape.inspector = nil
      tape.reset()
    }
    _ = try loss(model.model(tape.input(batch.images)), labels: batch.labels)
    return place ?? "the loss"
  }
}
