/// Why a loss cannot be computed of what came from outside.
public enum LossError: Error, Equatable, CustomStringConvertible {
  /// There are no examples.
  case emptyBatch
  /// A label is no class.
  case labelOutOfRange(label: Int, index: Int, classCount: Int)
  /// There is another number of labels than of examples.
  case labelCount(Int, expected: Int)
  /// Every label is the one to ignore, so that the mean is over nothing.
  case nothingButIgnored(label: Int)
  /// Every label that counts has a class of weight 0, so that the mean is over nothing.
  case nothingWeighs
  /// There is another number of class weights than of classes.
  case classWeightCount(Int, expected: Int)
  /// A target has another shape than the prediction.
  case targetShape([Int], expected: [Int])

  /// One sentence.
  public var description: String {
    switch self {
    case .emptyBatch: "the batch is empty, expected at least one example"
    case .labelOutOfRange(let label, let index, let classCount):
      "label \(index) is \(label), expected a class in 0..<\(classCount)"
    case .labelCount(let count, let expected):
      "there are \(count) labels, expected one for each of \(expected) examples and positions"
    case .nothingButIgnored(let label): "every label is \(label), which is ignored, so there is nothing to average"
    case .nothingWeighs: "every label that counts has a class of weight 0, so there is nothing to average"
    case .classWeightCount(let count, let expected):
      "there are \(count) class weights, expected one for each of \(expected) classes"
    case .targetShape(let shape, let expected): "the target has shape \(shape), expected \(expected)"
    }
  }
}
