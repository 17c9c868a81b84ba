import Foundation
import TensorCore

/// The cross-entropy of classes, from logits.
///
/// With `p = softmax(logits)`, `t` the target and `w` the weights of the classes, `-sum over classes of w t log p` for each label that
/// is not ignored; see ``LossReduction`` for what becomes of them. The target is 1 at the label and 0 elsewhere; with label smoothing
/// `s` it is `(1 - s)` times that plus `s / classes` (Szegedy et al., "Rethinking the Inception architecture", CVPR 2016,
/// <https://arxiv.org/abs/1512.00567>). Sums are in `Double`. As PyTorch's `CrossEntropyLoss` and, without smoothing, ONNX's
/// `SoftmaxCrossEntropyLoss`.
public struct CrossEntropyLoss: Sendable {
  /// The share of the target that is spread over all classes, in 0...1.
  public let labelSmoothing: Float
  /// One factor for each class, or nil for 1.
  public let classWeights: [Float]?
  /// A label that does not count, or nil. It need not be a class.
  public let ignoredLabel: Int?
  /// What becomes of the losses of all labels.
  public let reduction: LossReduction

  /// Creates the loss.
  ///
  /// - Precondition: `labelSmoothing` is in 0...1, and the weights are finite and not negative.
  public init(
    labelSmoothing: Float = 0, classWeights: [Float]? = nil, ignoredLabel: Int? = nil, reduction: LossReduction = .mean
  ) {
    precondition(
      (0...1).contains(labelSmoothing), "CrossEntropyLoss: label smoothing \(labelSmoothing), expected 0...1")
    self.labelSmoothing = labelSmoothing
    self.classWeights = Self.checked(classWeights)
    self.ignoredLabel = ignoredLabel
    self.reduction = reduction
  }

  /// Computes the loss, a scalar, or of the labels' shape with ``LossReduction/none``.
  ///
  /// - Parameters:
  ///   - logits: `[batch, classes]` or `[batch, classes, d1, ...]`.
  ///   - labels: row-major `[batch, d1, ...]`: for each position a class, or the ignored label.
  /// - Precondition: the logits have two dimensions or more, and at least one class.
  /// - Throws: ``LossError`` if there is nothing to average, or labels or weights are not as said.
  public func callAsFunction(_ logits: Variable, labels: [Int]) throws(LossError) -> Variable {
    try apply(to: logits, labels: labels)
  }
}

extension CrossEntropyLoss: ClassLoss {
  static var name: String { "CrossEntropyLoss" }

  func loss(
    of logits: UnsafePointer<Float>, rows: ClassRows, label: Int, derivative: UnsafeMutablePointer<Float>?
  ) -> Double {
    var largest = -Float.infinity
    for index in 0..<rows.classCount { largest = max(largest, logits[index * rows.stride]) }
    var sum = 0.0
    for index in 0..<rows.classCount { sum += exp(Double(logits[index * rows.stride] - largest)) }
    let logSum = Double(largest) + log(sum)
    let smoothing = Double(labelSmoothing)
    // The target of the label by weight, and of each class by its own.
    let (sharp, spread) = ((1 - smoothing) * weight(ofLabel: label), smoothing / Double(rows.classCount))
    var loss = sharp * (logSum - Double(logits[label * rows.stride]))
    var total = sharp
    if spread > 0 {
      for index in 0..<rows.classCount {
        let target = spread * weight(ofLabel: index)
        total += target
        loss += target * (logSum - Double(logits[index * rows.stride]))
      }
    }
    guard let derivative else { return loss }
    for index in 0..<rows.classCount {
      let target = spread * weight(ofLabel: index) + (index == label ? sharp : 0)
      let probability = exp(Double(logits[index * rows.stride]) - logSum)
      derivative[index * rows.stride] = Float(total * probability - target)
    }
    return loss
  }
}
