import Foundation
import SparseKernels
import TensorCore
import Testing

@testable import NeuralLayers

/// Cross-entropy and negative log-likelihood with reductions, class weights and positions, against their formulas in `Double`.
@Suite struct ClassLossTests {
  static let shapes: [Shape] = [[5, 4], [3, 4, 2], [2, 3, 2, 3], [70, 2, 1, 2]]

  @Test(arguments: shapes, LossReduction.allCases)
  func crossEntropyOfPositions(shape: Shape, reduction: LossReduction) throws {
    let labels = Self.labels(shape, ignored: -1)
    for (weights, smoothing) in [(nil, 0), (Self.weights(shape[1]), 0), (Self.weights(shape[1]), 0.3)]
      as [([Float]?, Float)]
    {
      let loss = CrossEntropyLoss(
        labelSmoothing: smoothing, classWeights: weights, ignoredLabel: -1, reduction: reduction)
      try GradientCheck.run([.distinct(shape, seed: 2)]) {
        try loss($0[0], labels: labels)
      } reference: { points in
        Self.reference(points[0], shape, labels, weights: weights, smoothing: Double(smoothing), reduction) {
          DoubleLayers.softmax($0).map(log)
        }
      }
    }
  }

  @Test(arguments: shapes, LossReduction.allCases)
  func negativeLogLikelihoodOfPositions(shape: Shape, reduction: LossReduction) throws {
    let labels = Self.labels(shape, ignored: -1)
    for weights in [nil, Self.weights(shape[1])] {
      let loss = NLLLoss(classWeights: weights, ignoredLabel: -1, reduction: reduction)
      try GradientCheck.run([.distinct(shape, seed: 3)]) {
        try loss($0[0], labels: labels)
      } reference: { points in
        Self.reference(points[0], shape, labels, weights: weights, smoothing: 0, reduction) { $0 }
      }
    }
  }

  /// One label of three is ignored.
  static func labels(_ shape: Shape, ignored: Int) -> [Int] {
    let count = shape.elementCount / shape[1]
    return (0..<count).map { $0 % 3 == 1 ? ignored : ($0 * 7 + $0 / 5) % shape[1] }
  }

  static func weights(_ count: Int) -> [Float] { (0..<count).map { 0.25 + Float(($0 * 3) % count) } }

  static func reference(
    _ scores: [Double], _ shape: Shape, _ labels: [Int], weights: [Float]?, smoothing: Double,
    _ reduction: LossReduction, logProbabilities: ([Double]) -> [Double]
  ) -> [Double] {
    let (classes, inner) = (shape[1], shape.dimensions.dropFirst(2).reduce(1, *))
    let weights = weights?.map(Double.init) ?? [Double](repeating: 1, count: classes)
    var (losses, total): ([Double], Double) = ([], 0)
    for (index, label) in labels.enumerated() {
      if label == -1 {
        losses.append(0)
        continue
      }
      let places = (0..<classes).map { (index / inner * classes + $0) * inner + index % inner }
      let logs = logProbabilities(places.map { scores[$0] })
      let spread = (0..<classes).reduce(0) { $0 - weights[$1] * logs[$1] } / Double(classes)
      losses.append(-(1 - smoothing) * weights[label] * logs[label] + smoothing * spread)
      total += weights[label]
    }
    return switch reduction {
    case .none: losses
    case .sum: [losses.reduce(0, +)]
    case .mean: [losses.reduce(0, +) / total]
    }
  }

  @Test func eachLossHasTheLabelsShapeAndSumsForABackwardPass() throws {
    let shape: Shape = [2, 3, 2, 2]
    let labels = Self.labels(shape, ignored: -1)
    let tape = Tape(context: ComputeContext(threadCount: 2))
    let first = tape.watchedInput(.distinct(shape, seed: 5))
    let each = try CrossEntropyLoss(ignoredLabel: -1, reduction: .none)(first, labels: labels)
    #expect(each.shape == [2, 2, 2])
    #expect(each.value.values[1] == 0)
    try tape.backward(from: each.sum())
    let gradient = try #require(tape.gradient(of: first)).values
    let again = tape.watchedInput(.distinct(shape, seed: 5))
    try tape.backward(from: CrossEntropyLoss(ignoredLabel: -1, reduction: .sum)(again, labels: labels))
    #expect(try #require(tape.gradient(of: again)).values == gradient)
  }

  /// Each row is computed by one thread, and parts are added in order.
  @Test func threadsChangeNothing() throws {
    func run(threadCount: Int) throws -> (Float, [Float]) {
      let tape = Tape(context: ComputeContext(threadCount: threadCount))
      let logits = tape.watchedInput(.distinct([300, 10], seed: 5))
      let loss = try CrossEntropyLoss(labelSmoothing: 0.1)(logits, labels: (0..<300).map { $0 % 10 })
      try tape.backward(from: loss)
      return (loss.scalar, try #require(tape.gradient(of: logits)).values)
    }
    let (one, three) = (try run(threadCount: 1), try run(threadCount: 3))
    #expect(one == three)
  }

  @Test func aClassOfProbabilityZeroCostsNothingElsewhere() throws {
    let tape = Tape(context: ComputeContext())
    let logits = tape.watchedInput(Tensor([0, -.infinity, 0], shape: [1, 3]))
    let loss = try CrossEntropyLoss()(logits, labels: [2])
    #expect(loss.scalar == Float(log(2.0)))
    try tape.backward(from: loss)
    #expect(try #require(tape.gradient(of: logits)).values == [0.5, 0, -0.5])
  }

  @Test func badWeightsAndLabelsAreRefused() {
    let tape = Tape(context: ComputeContext())
    let logits = tape.input(Tensor(zeros: [2, 3, 2]))
    #expect(throws: LossError.classWeightCount(2, expected: 3)) {
      try NLLLoss(classWeights: [1, 1])(logits, labels: [0, 0, 0, 0])
    }
    #expect(throws: LossError.nothingWeighs) {
      try CrossEntropyLoss(classWeights: [0, 1, 1], ignoredLabel: 7)(logits, labels: [0, 0, 7, 0])
    }
    #expect(throws: LossError.labelCount(2, expected: 4)) { try CrossEntropyLoss()(logits, labels: [0, 1]) }
    #expect(throws: LossError.labelOutOfRange(label: 3, index: 3, classCount: 3)) {
      try NLLLoss(reduction: .none)(logits, labels: [0, 1, 2, 3])
    }
    #expect(throws: LossError.emptyBatch) {
      try NLLLoss(reduction: .sum)(tape.input(Tensor(zeros: [2, 3, 0])), labels: [])
    }
    #expect(throws: LossError.nothingButIgnored(label: 5)) {
      try NLLLoss(ignoredLabel: 5)(logits, labels: [5, 5, 5, 5])
    }
  }

  @Test func nothingButIgnoredLabelsSumToZero() throws {
    let tape = Tape(context: ComputeContext())
    let logits = tape.watchedInput(.distinct([2, 3], seed: 1))
    let loss = try CrossEntropyLoss(ignoredLabel: 5, reduction: .sum)(logits, labels: [5, 5])
    #expect(loss.scalar == 0)
    try tape.backward(from: loss)
    #expect(try #require(tape.gradient(of: logits)).values == [Float](repeating: 0, count: 6))
  }
}
