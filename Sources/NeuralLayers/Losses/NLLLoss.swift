import TensorCore

/// The negative log-likelihood of classes, from log-probabilities such as ``LogSoftmax`` gives.
///
/// `-w x` for each label that is not ignored, where `x` is the label's log-probability and `w` its weight; see
/// ``LossReduction`` for what becomes of them. Sums are in `Double`. After ``LogSoftmax`` it is ``CrossEntropyLoss``, which is cheaper.
/// As PyTorch's `NLLLoss` and ONNX's `NegativeLogLikelihoodLoss`.
public struct NLLLoss: Sendable {
  /// One factor for each class, or nil for 1.
  public let classWeights: [Float]?
  /// A label that does not count, or nil. It need not be a class.
  public let ignoredLabel: Int?
  /// What becomes of the losses of all labels.
  public let reduction: LossReduction

  /// Creates the loss.
  ///
  /// - Precondition: the weights are finite and not negative.
  public init(classWeights: [Float]? = nil, ignoredLabel: Int? = nil, reduction: LossReduction = .mean) {
    self.classWeights = Self.checked(classWeights)
    self.ignoredLabel = ignoredLabel
    self.reduction = reduction
  }

  /// Computes the loss, a scalar, or of the labels' shape with ``LossReduction/none``.
  ///
  /// - Parameters:
  ///   - logProbabilities: `[batch, classes]` or `[batch, classes, d1, ...]`.
  ///   - labels: row-major `[batch, d1, ...]`: for each position a class, or the ignored label.
  /// - Precondition: the log-probabilities have two dimensions or more, and at least one class.
  /// - Throws: ``LossError`` if there is nothing to average, or labels or weights are not as said.
  public func callAsFunction(_ logProbabilities: Variable, labels: [Int]) throws(LossError) -> Variable {
    try apply(to: logProbabilities, labels: labels)
  }
}

extension NLLLoss: ClassLoss {
  static var name: String { "NLLLoss" }

  func loss(
    of logProbabilities: UnsafePointer<Float>, rows: ClassRows, label: Int, derivative: UnsafeMutablePointer<Float>?
  ) -> Double {
    let weight = weight(ofLabel: label)
    if let derivative {
      for index in 0..<rows.classCount { derivative[index * rows.stride] = 0 }
      derivative[label * rows.stride] = Float(-weight)
    }
    return -weight * Double(logProbabilities[label * rows.stride])
  }
}
