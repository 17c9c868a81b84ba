import NeuralLayers
import SparseTraining
import TensorCore
import TestSupport
import Testing

@Suite struct TrainerTests {
  @Test(arguments: SparsityMethod.allCases)
  func everyMethodLearnsAndEndsAtItsSparsity(_ method: SparsityMethod) throws {
    var settings = TrainingSettings.small(method, epochs: 8)
    settings.shift = 0
    let trainer = try Trainer.small(settings, images: StripeImages(count: 160))
    let observer = StoppingObserver()
    trainer.observers = [observer]
    #expect(try trainer.run() == .finished)
    #expect(observer.epochs.count == 8 && observer.steps.count == 80)
    let last = try #require(observer.epochs.last)
    // Stripes are easy; chance is a quarter.
    #expect(last.testAccuracy > 0.5, "\(method): \(last)")
    #expect(last.trainLoss < observer.epochs[0].trainLoss)
    // Counts are whole numbers, of each layer.
    #expect(abs(last.sparsity - (method == .dense ? 0 : 0.8)) < 1e-3)
    #expect(last.sparsity == trainer.model.sparsity)
    for parameter in trainer.model.prunable {
      #expect((parameter.parameter.pattern == nil) == (method == .dense), "\(parameter.name)")
    }
  }

  @Test(arguments: [SparsityMethod.rigL, .set, .gradual, .snip, .movement])
  func bitsDoNotDependOnTheNumberOfThreads(_ method: SparsityMethod) throws {
    let settings = TrainingSettings.small(method)
    let trainers = try [1, 2, 3].map { try Trainer.small(settings, threads: $0) }
    for trainer in trainers { try trainer.run() }
    #expect(trainers[0].bits == trainers[1].bits)
    #expect(trainers[0].bits == trainers[2].bits)
  }

  @Test func anotherSeedIsAnotherTraining() throws {
    var settings = TrainingSettings.small(.rigL)
    let first = try Trainer.small(settings)
    settings.seed = 2
    let second = try Trainer.small(settings)
    #expect(first.bits != second.bits)
  }

  @Test func aStaticPatternStays() throws {
    let trainer = try Trainer.small(.small(.fixed))
    let before = trainer.model.prunable.map(\.parameter.pattern)
    let values = trainer.bits
    try trainer.run()
    #expect(trainer.model.prunable.map(\.parameter.pattern) == before)
    #expect(trainer.bits != values)
  }

  @Test(arguments: [SparsityMethod.set, .rigL])
  func aDynamicPatternMovesAndKeepsItsSize(_ method: SparsityMethod) throws {
    let trainer = try Trainer.small(.small(method, epochs: 6))
    let before = trainer.model.prunable.map(\.parameter.pattern)
    try trainer.run()
    for (layer, old) in zip(trainer.model.prunable, before) {
      #expect(layer.parameter.pattern != old, "\(layer.name)")
      #expect(layer.parameter.pattern?.nnz == old?.nnz)
    }
  }

  @Test func progressCountsImagesAndSteps() throws {
    let trainer = try Trainer.small(.small(.fixed))
    let observer = StoppingObserver()
    trainer.observers = [observer]
    try trainer.run()
    #expect(observer.steps.map(\.step) == [1, 2, 3, 4, 1, 2, 3, 4])
    #expect(observer.steps.allSatisfy { $0.stepCount == 4 && $0.epochCount == 2 })
    #expect(observer.steps.map(\.epoch) == [1, 1, 1, 1, 2, 2, 2, 2])
    #expect(observer.steps.last?.secondsLeft == 0)
    #expect(observer.epochs.map(\.step) == [4, 8])
    #expect(trainer.position.history == observer.epochs)
  }

  @Test func trainingStopsEarly() throws {
    var settings = TrainingSettings.small(.fixed, epochs: 50)
    settings.patience = 2
    // Nothing can become better: the labels have nothing to do with the images.
    settings.learningRate = 1e-9
    let trainer = try Trainer.small(settings)
    let observer = StoppingObserver()
    trainer.observers = [observer]
    #expect(try trainer.run() == .stoppedEarly)
    #expect(observer.epochs.count < 50)
    #expect(observer.notes.contains { $0.contains("stops early") })
  }

  @Test func evaluationChangesNothing() throws {
    let trainer = try Trainer.small(.small(.rigL))
    try trainer.run()
    let before = trainer.bits
    let first = try trainer.evaluate()
    let second = try trainer.evaluate()
    #expect(first == second && trainer.bits == before)
    #expect(first.accuracy == trainer.position.history.last?.testAccuracy)
  }

  @Test func gradientClippingIsApplied() throws {
    var settings = TrainingSettings.small(.fixed, epochs: 1)
    let free = try Trainer.small(settings)
    settings.gradientClipping = 1e-3
    let clipped = try Trainer.small(settings)
    try free.run()
    try clipped.run()
    #expect(free.bits != clipped.bits)
  }
}
