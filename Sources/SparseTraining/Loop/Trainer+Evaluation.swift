import NeuralLayers

/// What a model is worth on a data set.
public struct EvaluationResult: Hashable, Sendable {
  /// The mean cross-entropy, without label smoothing.
  public var loss: Double
  /// The fraction of images that are classified rightly.
  public var accuracy: Double
}

extension Trainer {
  /// Classifies the test images, in evaluation mode; the model is left in it.
  ///
  /// - Throws: what kernels and images throw.
  public func evaluate() throws -> EvaluationResult {
    model.model.eval()
    var (lossSum, correct, count) = (0.0, 0, 0)
    let loss = CrossEntropyLoss()
    testLoader.begin(epoch: 0)
    while let batch = try testLoader.next() {
      let logits = try model.model(evaluationTape.input(batch.images))
      lossSum += Double(try loss(logits, labels: batch.labels).scalar) * Double(batch.labels.count)
      correct += Self.correctCount(logits.value, batch.labels)
      count += batch.labels.count
    }
    return EvaluationResult(loss: lossSum / Double(count), accuracy: Double(correct) / Double(count))
  }
}
