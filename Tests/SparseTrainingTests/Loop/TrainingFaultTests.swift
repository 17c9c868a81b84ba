import NeuralLayers
import SparseKernels
import SparseTraining
import TensorCore
import TestSupport
import Testing

/// What comes from outside and is wrong.
@Suite struct TrainingFaultTests {
  @Test func aPixelThatIsNoNumberStopsTrainingWithStepAndPlace() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("checkpoint.safetensors")
    // Images are shuffled: wherever this one comes, the loss of its step is none.
    let images = StripeImages(count: 60, faults: [17: .nan])
    var settings = TrainingSettings.small(.fixed)
    settings.shift = 0
    let trainer = try Trainer.small(settings, images: images)
    trainer.checkpointPath = path
    let error = #expect(throws: TrainingError.self) { try trainer.run() }
    guard case .lossNotFinite(_, let epoch, let step, let place) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(epoch == 1 && step == trainer.position.step && step < 4)
    #expect(place == "the images")
    #expect(try folder.names.isEmpty)
  }

  @Test func aWeightThatIsNoNumberIsNamedAndTheLastCheckpointStays() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("checkpoint.safetensors")
    let trainer = try Trainer.small(.small(.fixed))
    trainer.checkpointPath = path
    try trainer.saveCheckpoint()
    let before = try contents(of: path)
    let name = trainer.model.prunable[2].name
    trainer.model.prunable[2].parameter.withUnsafeMutableValues { $0[0] = .infinity }
    let error = #expect(throws: TrainingError.self) { try trainer.run() }
    guard case .lossNotFinite(_, _, 0, let place) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place == name)
    #expect(try contents(of: path) == before)
  }

  /// A checkpoint keeps its own arrays beside the weights, by names that begin so.
  @Test func aMemberWhoseNameACheckpointTakesIsRefused() throws {
    struct Net: Layer {
      let optimizer: Linear
      func callAsFunction(_ input: Variable) throws -> Variable { try optimizer(Flatten()(input)) }
    }
    let net = Net(optimizer: Linear(weights: Tensor([Float](repeating: 0.1, count: 256), shape: [4, 64])))
    let error = #expect(throws: TrainingError.self) {
      try Trainer(
        SparseModel(net), settings: .small(.dense), training: StripeImages(count: 8), test: StripeImages(count: 8),
        context: ComputeContext(threadCount: 1))
    }
    #expect(
      error == .data("the network has optimizer.weight, expected a name that does not begin with optimizer."),
      "\(String(describing: error))")
  }

  @Test func aLayerThatOverflowsIsNamed() throws {
    let trainer = try Trainer.small(.small(.fixed))
    // Finite numbers, whose products are not.
    let layer = trainer.model.prunable[1]
    layer.parameter.values = [Float](repeating: 3e38, count: layer.parameter.count)
    let error = #expect(throws: TrainingError.self) { try trainer.run() }
    guard case .lossNotFinite(_, _, _, let place) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place.contains("the layer of \(layer.name)"), "\(place)")
  }

  @Test func whatCouldNotBeReadAgainIsNotWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("checkpoint.safetensors")
    // One step, whose loss is a number and whose weights are not.
    var settings = TrainingSettings.small(.fixed, epochs: 1)
    settings.batchSize = 60
    settings.optimizer = OptimizerSettings(.sgd)
    settings.schedule = .constant
    settings.learningRate = 1e300
    let trainer = try Trainer.small(settings)
    trainer.checkpointPath = path
    try trainer.saveCheckpoint()
    let before = try contents(of: path)
    let error = #expect(throws: TrainingError.self) { try trainer.run() }
    guard case .stateNotFinite(_, step: 1) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try contents(of: path) == before)
  }

  @Test func pixelsThatAreNoNumbersAreRefusedBeforeTraining() throws {
    let settings = TrainingSettings.small(.fixed)
    let model = try SparseModel(settings) { try VGGSmall(classCount: 4, density: $0, seed: 1) }
    #expect(throws: DataSetError.self) {
      // Without a normalization the images are asked for theirs.
      try Trainer(
        model, settings: settings, training: StripeImages(count: 8, faults: [3: .infinity]),
        test: StripeImages(count: 8), context: ComputeContext())
    }
  }

  @Test func aWarmUpAsLongAsTheTrainingIsRefused() {
    var settings = TrainingSettings.small(.fixed)
    settings.warmupSteps = 8
    let error = #expect(throws: TrainingError.self) { try Trainer.small(settings) }
    #expect(error == .setting("warm-up steps", "8", expected: "less than the training's 8"))
  }

  @Test func aLabelOutOfRangeIsRefused() throws {
    let trainer = try Trainer.small(.small(.fixed), images: StripeImages(count: 60, wrongLabels: [3: 4]))
    #expect(throws: (any Error).self) { try trainer.run() }
  }

  @Test func noImagesAreRefused() {
    #expect(throws: DataSetError.empty) { try Trainer.small(.small(.fixed), images: StripeImages(count: 0)) }
    #expect(throws: DataSetError.empty) { try Trainer.small(.small(.fixed), test: StripeImages(count: 0)) }
  }

  @Test func testImagesMustBeLikeTrainingImages() throws {
    struct Other: LabelledImages {
      let count = 4
      let imageShape: Shape = [1, 8, 9]
      let classCount = 4
      func read(_ index: Int, into image: UnsafeMutableBufferPointer<Float>) -> Int { 0 }
    }
    let settings = TrainingSettings.small(.fixed)
    let model = try SparseModel(settings) { try VGGSmall(classCount: 4, density: $0, seed: 1) }
    #expect(throws: TrainingError.self) {
      try Trainer(
        model, settings: settings, training: StripeImages(count: 4), test: Other(), normalization: .halves,
        context: ComputeContext())
    }
  }
}
