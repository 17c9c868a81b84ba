import Foundation
import SparseKernels
import TensorCore

/// The mean cross-entropy of classes, from logits.
///
/// With `p = softmax(logits)` and `t` the target, `-sum over classes of t log p`, averaged over the examples that are not ignored.
/// The target is 1 at the label and 0 elsewhere; with label smoothing `s` it is `(1 - s)` times that plus `s / classes`
/// (Szegedy et al., "Rethinking the Inception architecture", CVPR 2016, <https://arxiv.org/abs/1512.00567>). Sums are in `Double`.
public struct CrossEntropyLoss: Sendable {
  /// The share of the target that is spread over all classes, in 0...1.
  public let labelSmoothing: Float
  /// A label whose examples do not count, or nil.
  public let ignoredLabel: Int?

  /// Creates the loss.
  ///
  /// - Precondition: `labelSmoothing` is in 0...1.
  public init(labelSmoothing: Float = 0, ignoredLabel: Int? = nil) {
    precondition(
      (0...1).contains(labelSmoothing), "CrossEntropyLoss: label smoothing \(labelSmoothing), expected 0...1")
    self.labelSmoothing = labelSmoothing
    self.ignoredLabel = ignoredLabel
  }

  /// Computes the loss, a scalar.
  ///
  /// - Parameters:
  ///   - logits: `[batch, classes]`.
  ///   - labels: one class per example, or the ignored label.
  /// - Precondition: the logits have two dimensions, and at least one class.
  /// - Throws: ``LossError`` if the batch is empty, or the labels are not as said.
  public func callAsFunction(_ logits: Variable, labels: [Int]) throws(LossError) -> Variable {
    let shape = logits.shape
    precondition(
      shape.rank == 2 && shape[1] > 0, "CrossEntropyLoss: logits have shape \(shape), expected [batch, classes]")
    let counted = try check(labels, batch: shape[0], classCount: shape[1])
    let tape = logits.tape
    var total = 0.0
    // The gradient but for the scale: softmax less target, 0 where ignored.
    let difference = tape.measured("CrossEntropyLoss", .forward) {
      tape.tensor(shape) { difference in
        logits.value.withStart { logits in
          for (index, label) in labels.enumerated() {
            let (row, result) = (logits + index * shape[1], difference + index * shape[1])
            if label == ignoredLabel {
              result.update(repeating: 0, count: shape[1])
            } else {
              total += example(row, label: label, classCount: shape[1], difference: result)
            }
          }
        }
      }
    }
    let loss = tape.tensor([]) { $0[0] = Float(total / Double(counted)) }
    guard let node = logits.node else { return tape.input(loss) }
    return tape.variable(loss, "CrossEntropyLoss", needsGradient: true) { gradient in
      let scale = gradient[flat: 0] / Float(counted)
      var result = difference
      result.rewrite(pool: tape.pool) { source, destination in
        for index in 0..<shape.elementCount { destination[index] = source[index] * scale }
      }
      tape.addGradient(result, to: node)
    }
  }

  /// The loss of one example; writes softmax less target.
  private func example(
    _ logits: UnsafePointer<Float>, label: Int, classCount: Int, difference: UnsafeMutablePointer<Float>
  ) -> Double {
    let largest = (0..<classCount).reduce(-Float.infinity) { max($0, logits[$1]) }
    var (sum, logitSum) = (0.0, 0.0)
    for index in 0..<classCount {
      sum += exp(Double(logits[index] - largest))
      logitSum += Double(logits[index])
    }
    let logSum = Double(largest) + log(sum)
    let smoothing = Double(labelSmoothing)
    let spread = smoothing / Double(classCount)
    for index in 0..<classCount {
      let target = spread + (index == label ? 1 - smoothing : 0)
      difference[index] = Float(exp(Double(logits[index]) - logSum) - target)
    }
    return (1 - smoothing) * (logSum - Double(logits[label])) + smoothing * (logSum - logitSum / Double(classCount))
  }

  /// The number of examples that count.
  private func check(_ labels: [Int], batch: Int, classCount: Int) throws(LossError) -> Int {
    if batch == 0 { throw .emptyBatch }
    if labels.count != batch { throw .labelCount(labels.count, expected: batch) }
    var counted = 0
    for (index, label) in labels.enumerated() where label != ignoredLabel {
      if label < 0 || label >= classCount {
        throw .labelOutOfRange(label: label, index: index, classCount: classCount)
      }
      counted += 1
    }
    if counted == 0 { throw .nothingButIgnored(label: labels[0]) }
    return counted
  }
}
