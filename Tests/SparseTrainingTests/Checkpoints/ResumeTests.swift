import NeuralLayers
import SparseKernels
import SparseTraining
import TensorCore
import TestSupport
import Testing

/// A training that was interrupted and resumed gives the bits of one that was not.
@Suite struct ResumeTests {
  @Test(arguments: SparsityMethod.allCases)
  func resumedTrainingGivesTheSameBits(_ method: SparsityMethod) throws {
    let folder = try TemporaryFolder()
    let settings = TrainingSettings.small(method, epochs: 3)
    let whole = try Trainer.small(settings)
    #expect(try whole.run() == .finished)
    // In an epoch, at its end, at the first step and at the last.
    for steps in [1, 4, 6, 11] {
      let path = folder.file("\(steps).safetensors")
      let first = try Trainer.small(settings, threads: 2)
      first.checkpointPath = path
      first.observers = [StoppingObserver(first.stopRequest, after: steps)]
      #expect(try first.run() == .interrupted)
      #expect(first.position.step == steps)
      let second = try Trainer.small(settings)
      try second.resume(from: TrainingCheckpoint(path: path))
      #expect(second.position == first.position && second.bits == first.bits)
      #expect(try second.run() == .finished)
      #expect(second.bits == whole.bits, "\(method) after \(steps) steps")
      #expect(second.position.history.map(\.testLoss) == whole.position.history.map(\.testLoss))
      #expect(second.position.history.map(\.trainLoss) == whole.position.history.map(\.trainLoss))
    }
  }

  @Test(arguments: OptimizerSettings.Kind.allCases)
  func everyOptimizerGoesOn(_ kind: OptimizerSettings.Kind) throws {
    let folder = try TemporaryFolder()
    var settings = TrainingSettings.small(.rigL)
    settings.optimizer = OptimizerSettings(kind)
    settings.learningRate = kind.usualLearningRate / 10
    let whole = try Trainer.small(settings)
    try whole.run()
    let first = try Trainer.small(settings)
    first.checkpointPath = folder.file("a.safetensors")
    first.observers = [StoppingObserver(first.stopRequest, after: 5)]
    try first.run()
    let second = try Trainer.small(settings)
    try second.resume(from: TrainingCheckpoint(path: folder.file("a.safetensors")))
    try second.run()
    #expect(second.bits == whole.bits)
  }

  /// A layer between whose calls random numbers go on.
  private struct DroppingNet: Layer {
    let conv: any WeightedLayer
    let dropout = Dropout(probability: 0.3, seed: 5)
    let fc: Linear

    init(_ density: WeightDensity) throws {
      var generator = SeededGenerator(seed: 3)
      conv = try SparseConv2d(
        ConvGeometry(1, 6, kernelSize: 3, padding: 1), sparsity: 0.5, using: &generator)
      fc = Linear(6, 4, using: &generator)
    }

    func callAsFunction(_ input: Variable) throws -> Variable {
      try fc(GlobalAvgPool()(dropout(ReLU()(conv(input)))))
    }
  }

  @Test func dropoutGoesOn() throws {
    let folder = try TemporaryFolder()
    let settings = TrainingSettings.small(.fixed)
    func trainer() throws -> Trainer {
      try Trainer(
        SparseModel(DroppingNet(.dense)), settings: settings, training: StripeImages(count: 60),
        test: StripeImages(count: 8), normalization: .halves, context: ComputeContext())
    }
    let whole = try trainer()
    try whole.run()
    let first = try trainer()
    first.checkpointPath = folder.file("a.safetensors")
    first.observers = [StoppingObserver(first.stopRequest, after: 3)]
    try first.run()
    let second = try trainer()
    try second.resume(from: TrainingCheckpoint(path: folder.file("a.safetensors")))
    try second.run()
    #expect(second.bits == whole.bits)
  }
}
