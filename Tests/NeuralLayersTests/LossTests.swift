import Foundation
import SparseKernels
import TensorCore
import Testing

@testable import NeuralLayers

@Suite struct LossTests {
  @Test(arguments: [0, 0.1, 1] as [Float], [nil, 2, -100] as [Int?])
  func crossEntropyAndItsGradient(smoothing: Float, ignored: Int?) throws {
    let (classes, labels) = (4, [3, ignored ?? 0, 1, 2, 0])
    let loss = CrossEntropyLoss(labelSmoothing: smoothing, ignoredLabel: ignored)
    try GradientCheck.run([.distinct([5, classes], seed: 2)]) {
      try loss($0[0], labels: labels)
    } reference: { points in
      let counted = labels.indices.filter { labels[$0] != ignored }
      var losses: [Double] = []
      for index in counted {
        let softmax = DoubleLayers.softmax(Array(points[0][index * classes..<(index + 1) * classes]))
        let spread = Double(smoothing) / Double(classes)
        let terms = (0..<classes).map { label -> Double in
          let target = spread + (label == labels[index] ? 1 - Double(smoothing) : 0)
          return -target * log(softmax[label])
        }
        losses.append(terms.reduce(0, +))
      }
      return [losses.reduce(0, +) / Double(counted.count)]
    }
  }

  @Test func elementLossesAndTheirGradients() throws {
    let target = Tensor([0, 1, 0.25, 1, 0, 0.5], shape: [2, 3])
    let targets = target.values.map(Double.init)
    try GradientCheck.run([.distinct([2, 3], seed: 2)]) {
      try MeanSquaredError()($0[0], target: target)
    } reference: { points in
      let squares = zip(points[0], targets).map { ($0 - $1) * ($0 - $1) }
      return [squares.reduce(0, +) / 6]
    }
    try GradientCheck.run([.distinct([2, 3], seed: 2)]) {
      try BinaryCrossEntropyLoss()($0[0], target: target)
    } reference: { points in
      let terms = zip(points[0], targets).map { x, target -> Double in
        let p = DoubleLayers.sigmoid(x)
        return -target * log(p) - (1 - target) * log(1 - p)
      }
      return [terms.reduce(0, +) / 6]
    }
  }

  @Test func hugeLogitsOverflowNowhere() throws {
    let tape = Tape(context: ComputeContext())
    let logits = tape.watchedInput(Tensor([1e30, -1e30, 0, -1e30, 1e30, 0], shape: [2, 3]))
    #expect(try CrossEntropyLoss()(logits, labels: [0, 1]).scalar == 0)
    let target = Tensor([1, 0, 0.5, 0, 1, 0.5], shape: [2, 3])
    let loss = try BinaryCrossEntropyLoss()(logits, target: target)
    #expect(loss.scalar == Float(2 * log(2.0) / 6))
    try tape.backward(from: loss)
    #expect(try #require(tape.gradient(of: logits)).values.allSatisfy(\.isFinite))
  }

  @Test func badLabelsAreRefused() {
    let tape = Tape(context: ComputeContext())
    let (logits, loss) = (tape.input(Tensor(zeros: [2, 3])), CrossEntropyLoss(ignoredLabel: -1))
    #expect(throws: LossError.labelOutOfRange(label: 3, index: 1, classCount: 3)) { try loss(logits, labels: [0, 3]) }
    #expect(throws: LossError.labelOutOfRange(label: -2, index: 0, classCount: 3)) {
      try loss(logits, labels: [-2, 0])
    }
    #expect(throws: LossError.labelCount(1, expected: 2)) { try loss(logits, labels: [0]) }
    #expect(throws: LossError.nothingButIgnored(label: -1)) { try loss(logits, labels: [-1, -1]) }
    #expect(throws: LossError.emptyBatch) { try loss(tape.input(Tensor(zeros: [0, 3])), labels: []) }
    #expect(throws: LossError.emptyBatch) {
      try MeanSquaredError()(tape.input(Tensor(zeros: [0, 3])), target: Tensor(zeros: [0, 3]))
    }
    #expect(throws: LossError.targetShape([3, 2], expected: [2, 3])) {
      try BinaryCrossEntropyLoss()(logits, target: Tensor(zeros: [3, 2]))
    }
  }
}
