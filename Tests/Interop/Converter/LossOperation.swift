import ModelFormats
import NeuralLayers
import SparseKernels
import TensorCore

/// Losses of classes as ONNX defines them.
enum LossOperation {
  /// The loss of `scores`, `labels` and, if they are there, `weights`; and what `log_prob` is then. The metadata have the
  /// operator, the reduction and perhaps the label that is ignored.
  static func loss(source: String, destination: String) throws {
    let file = try SafetensorsFile(path: source)
    let tape = Tape(context: ComputeContext(threadCount: 2))
    let scores = tape.watchedInput(try file.tensor(named: "scores"))
    let labels = try file.tensor(named: "labels").values.map { Int($0) }
    let weights = file.tensorNames.contains("weights") ? try file.tensor(named: "weights").values : nil
    let ignored: Int? = file.metadata["ignored"] == nil ? nil : try file.number("ignored")
    guard let reduction = LossReduction(rawValue: try file.text("reduction")) else { throw Missing(what: "reduction") }
    var writer = SafetensorsWriter()
    let loss: Variable
    if try file.text("operator") == "SoftmaxCrossEntropyLoss" {
      loss = try CrossEntropyLoss(classWeights: weights, ignoredLabel: ignored, reduction: reduction)(
        scores, labels: labels)
      try writer.add(LogSoftmax()(scores).value, named: "log_prob")
    } else {
      loss = try NLLLoss(classWeights: weights, ignoredLabel: ignored, reduction: reduction)(scores, labels: labels)
    }
    try writer.add(loss.value, named: "loss")
    try writer.write(to: destination)
  }
}
