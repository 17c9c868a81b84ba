import Foundation
import ModelFormats
import NeuralLayers
import SparseKernels
import TensorCore

/// Files of a trained model, as other programs take them.
public enum TrainedModel {
  /// Writes the weights as safetensors, and beside them the layers as a list of problems, which `sparse-bench` takes as
  /// `--weights` and `--problems`.
  ///
  /// - Parameters:
  ///   - model: of which one image is computed, to see the size of each layer's.
  ///   - data: what it was trained on, which goes into the file's free text as `sparsenn.data`.
  ///   - path: of the weights; the list has `.shapes` in the place of `.safetensors`, or after another name.
  /// - Returns: the path of the list.
  /// - Throws: ``FormatError``, and what kernels throw.
  @discardableResult
  public static func write(_ model: any Layer, data: DataDescription, to path: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(data), as: UTF8.self)
    var writer = SafetensorsWriter(metadata: [TrainingCheckpoint.Key.data: text])
    try writer.add(model)
    let list = try problems(of: model, imageShape: Shape(data.imageShape))
    try writer.write(to: path)
    let base = path.hasSuffix(".safetensors") ? String(path.dropLast(".safetensors".count)) : path
    try AtomicFile.write(Data((list.joined(separator: "\n") + "\n").utf8), to: base + ".shapes")
    return base + ".shapes"
  }

  /// The convolutions of a model on one image, fully connected layers among them, one in each line, named by their weights.
  ///
  /// The model is left in evaluation mode.
  static func problems(of model: any Layer, imageShape: Shape) throws -> [String] {
    let names = Dictionary(model.parameters.map { (ObjectIdentifier($0.parameter), $0.name) }) { first, _ in first }
    var lines: [String] = []
    model.eval()
    let tape = Tape(context: ComputeContext())
    tape.inspector = { operation in
      guard let problem = operation.problem, let weight = operation.weight, let name = names[ObjectIdentifier(weight)]
      else { return }
      lines.append("\(problem)n\"\(name)\"")
    }
    _ = try model(tape.input(Tensor(zeros: Shape([1] + imageShape.dimensions))))
    return lines
  }
}
