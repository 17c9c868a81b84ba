import SparseKernels
import TensorCore

/// A loss of one label for each row of scores: what ``CrossEntropyLoss`` and ``NLLLoss`` share.
///
/// Scores are `[batch, classes, d1, ...]` and labels row-major `[batch, d1, ...]`.
protocol ClassLoss: Sendable {
  static var name: String { get }
  var classWeights: [Float]? { get }
  var ignoredLabel: Int? { get }
  var reduction: LossReduction { get }

  /// The loss of a row whose label counts.
  ///
  /// - Parameters:
  ///   - scores: the first class; `stride` floats on is the next.
  ///   - derivative: where to write that of the loss with respect to each score, with the same stride, or nil.
  func loss(
    of scores: UnsafePointer<Float>, rows: ClassRows, label: Int, derivative: UnsafeMutablePointer<Float>?
  ) -> Double
}

extension ClassLoss {
  /// Weights that a mean can be taken with, or nil.
  static func checked(_ weights: [Float]?) -> [Float]? {
    for (label, weight) in (weights ?? []).enumerated() {
      precondition(
        weight >= 0 && weight.isFinite, "\(name): class \(label) has weight \(weight), expected zero or more")
    }
    return weights
  }

  func weight(ofLabel label: Int) -> Double { classWeights.map { Double($0[label]) } ?? 1 }

  /// Computes the loss and records its gradient.
  func apply(to scores: Variable, labels: [Int]) throws(LossError) -> Variable {
    let (tape, shape) = (scores.tape, scores.shape)
    precondition(
      shape.rank >= 2 && shape[1] > 0, "\(Self.name): scores have shape \(shape), expected [batch, classes, ...]")
    let rows = ClassRows(shape)
    let divisor = try divisor(labels, rows: rows)
    let (result, derivatives) = tape.measured(Self.name, .forward) {
      compute(scores, labels: labels, rows: rows, divisor: divisor)
    }
    guard let node = scores.node, let derivatives else { return tape.input(result) }
    let isEach = reduction == .none
    return tape.variable(result, Self.name, needsGradient: true) { gradient in
      var scoreGradient = derivatives
      scoreGradient.rewrite(pool: tape.pool) { source, destination in
        gradient.withStart {
          tape.context.compute(
            RowScaleJob(
              rows: rows, factors: $0, factorStride: isEach ? 1 : 0, divisor: Float(divisor), source: source,
              destination: destination))
        }
      }
      tape.addGradient(scoreGradient, to: node)
    }
  }

  /// The result, and the derivative of each row's loss if a gradient can be wanted.
  private func compute(
    _ scores: Variable, labels: [Int], rows: ClassRows, divisor: Double
  ) -> (result: Tensor, derivatives: Tensor?) {
    let tape = scores.tape
    var sums = [Double](repeating: 0, count: ClassLossJob<Self>.partCount(rows))
    func run(_ derivatives: UnsafeMutablePointer<Float>?, _ losses: UnsafeMutablePointer<Float>?) {
      scores.value.withStart { scores in
        labels.withUnsafeBufferPointer { labels in
          sums.withUnsafeMutableBufferPointer { sums in
            let job = ClassLossJob(
              loss: self, rows: rows, labels: labels, scores: scores, derivatives: derivatives, losses: losses,
              sums: sums)
            tape.context.compute(job)
          }
        }
      }
    }
    func derivatives(_ losses: UnsafeMutablePointer<Float>?) -> Tensor? {
      guard tape.isRecording, scores.needsGradient else {
        run(nil, losses)
        return nil
      }
      return tape.tensor(scores.shape) { run($0, losses) }
    }
    if reduction != .none {
      let derivatives = derivatives(nil)
      // Part after part: the order does not depend on who computed them.
      return (tape.tensor([]) { $0[0] = Float(sums.reduce(0, +) / divisor) }, derivatives)
    }
    var kept: Tensor?
    let losses = tape.tensor(rows.labelShape) { kept = derivatives($0) }
    return (losses, kept)
  }

  /// What the sum of the losses is divided by.
  private func divisor(_ labels: [Int], rows: ClassRows) throws(LossError) -> Double {
    if rows.count == 0 { throw .emptyBatch }
    if labels.count != rows.count { throw .labelCount(labels.count, expected: rows.count) }
    if let count = classWeights?.count, count != rows.classCount {
      throw .classWeightCount(count, expected: rows.classCount)
    }
    var (counted, total) = (0, 0.0)
    for (index, label) in labels.enumerated() where label != ignoredLabel {
      if label < 0 || label >= rows.classCount {
        throw .labelOutOfRange(label: label, index: index, classCount: rows.classCount)
      }
      counted += 1
      total += weight(ofLabel: label)
    }
    if reduction != .mean { return 1 }
    if counted == 0 { throw .nothingButIgnored(label: labels[0]) }
    if total == 0 { throw .nothingWeighs }
    return total
  }
}

/// Where the scores of a row are: a row is an example, or a position in it.
struct ClassRows {
  let batch: Int
  let classCount: Int
  /// From one class to the next: the positions of an example.
  let stride: Int
  let labelShape: Shape

  /// - Parameter shape: of the scores, of rank 2 or more.
  init(_ shape: Shape) {
    let inner = shape.dimensions.dropFirst(2)
    (batch, classCount, stride) = (shape[0], shape[1], inner.reduce(1, *))
    labelShape = Shape([shape[0]] + inner)
  }

  /// The rows, and so the labels.
  var count: Int { batch * stride }

  func start(ofRow row: Int) -> Int { row / stride * classCount * stride + row % stride }
}

private struct ClassLossJob<Loss: ClassLoss>: SpanJob {
  let loss: Loss
  let rows: ClassRows
  let labels: UnsafeBufferPointer<Int>
  let scores: UnsafePointer<Float>
  let derivatives: UnsafeMutablePointer<Float>?
  let losses: UnsafeMutablePointer<Float>?
  /// One for each part.
  let sums: UnsafeMutableBufferPointer<Double>

  /// A batch of a few hundred images is some parts, each of which takes far longer than a thread to wake.
  static var spanLength: Int { 64 }

  static func partCount(_ rows: ClassRows) -> Int { (rows.count + spanLength - 1) / spanLength }

  var count: Int { rows.count }

  func execute(_ span: Range<Int>) {
    var sum = 0.0
    for row in span {
      let (start, label) = (rows.start(ofRow: row), labels[row])
      var result = 0.0
      if label != loss.ignoredLabel {
        result = loss.loss(
          of: scores + start, rows: rows, label: label, derivative: derivatives.map { $0 + start })
      } else if let derivatives {
        for index in 0..<rows.classCount { derivatives[start + index * rows.stride] = 0 }
      }
      sum += result
      losses?[row] = Float(result)
    }
    sums[span.lowerBound / Self.spanLength] = sum
  }
}

/// `destination = source * factor / divisor`, with a factor for each row or one for all.
private struct RowScaleJob: SpanJob {
  let rows: ClassRows
  let factors: UnsafePointer<Float>
  /// 1 for a factor of each row, 0 for one of all.
  let factorStride: Int
  let divisor: Float
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>

  static var spanLength: Int { 64 }

  var count: Int { rows.count }

  func execute(_ span: Range<Int>) {
    for row in span {
      let (start, factor) = (rows.start(ofRow: row), factors[row * factorStride] / divisor)
      for index in 0..<rows.classCount {
        let place = start + index * rows.stride
        destination[place] = source[place] * factor
      }
    }
  }
}
