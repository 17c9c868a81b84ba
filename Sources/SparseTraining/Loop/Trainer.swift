import NeuralLayers
import Optimizers
import SparseKernels
import TensorCore

/// Trains a model on labelled images: the loop that joins layers, optimizer, pruning and data.
///
///     var settings = TrainingSettings()
///     settings.method = .rigL
///     settings.sparsity = 0.9
///     let model = try SparseModel(settings) { try VGGSmall(density: $0, seed: settings.seed) }
///     let trainer = try Trainer(
///       model, settings: settings, training: try FashionMNIST.images(.training),
///       test: try FashionMNIST.images(.test), context: ComputeContext(threadCount: 2))
///     trainer.checkpointPath = "checkpoint.safetensors"
///     try trainer.run()
///
/// The same settings, model and data give the same bits, whatever the number of threads, and whether training was interrupted and
/// resumed or not: every random number follows from the seed and from what it is for.
///
/// Not for several threads; ``stopRequest`` may be made from any.
public final class Trainer {
  /// The model and the weights that are pruned.
  public let model: SparseModel
  /// What training depends on.
  public let settings: TrainingSettings
  /// Ends training after the step at which it is made; a trainer on which it was made does not train again.
  public let stopRequest = StopRequest()
  /// Where the state is written after each epoch and when training stops, or nil for nowhere.
  public var checkpointPath: String?
  /// What a checkpoint says of the network, such as `vgg-small`: one of another is refused.
  public var networkName = ""
  /// Who is told what happens.
  public var observers: [any TrainingObserver] = []
  /// What is told how long each operation takes, or nil.
  public var profile: OperationProfile? {
    didSet { tape.profiler = profile }
  }
  /// Where training stands.
  public internal(set) var position = TrainingPosition()

  /// How a run ended.
  public enum Ending: Hashable, Sendable {
    /// All epochs are done.
    case finished
    /// The test accuracy has not become better for as many epochs as the settings' patience.
    case stoppedEarly
    /// Somebody made the ``stopRequest``.
    case interrupted
  }

  /// What is known of the data, so that a checkpoint of other data is refused.
  public let data: DataDescription
  let tape: Tape
  let evaluationTape: Tape
  let loader: BatchLoader
  let testLoader: BatchLoader
  let parameters: [NamedParameter]
  let schedule: LearningRateSchedule
  let loss: CrossEntropyLoss
  var optimizer: any Optimizer
  var sparsity: SparsityController

  /// Creates a trainer before its first step.
  ///
  /// - Parameters:
  ///   - model: from images `[batch, channels, height, width]` to logits `[batch, classes]`.
  ///   - settings: what training depends on.
  ///   - training: the images to learn from.
  ///   - test: the images to evaluate on after each epoch, of the same shape and classes.
  ///   - normalization: what is done to the pixels of both; by default the training images' means and deviations.
  ///   - context: the threads that layers compute on.
  /// - Throws: ``TrainingError`` if the settings make no sense, the images differ, or a member of the model has a name that a checkpoint
  ///   has another use for; ``DataSetError`` if there are no images.
  public init(
    _ model: SparseModel, settings: TrainingSettings, training: any LabelledImages, test: any LabelledImages,
    normalization: Normalization? = nil, context: ComputeContext
  ) throws {
    try settings.check()
    guard training.imageShape == test.imageShape, training.classCount == test.classCount else {
      throw TrainingError.data(
        "test images are \(test.imageShape) of \(test.classCount) classes, expected as for training "
          + "\(training.imageShape) of \(training.classCount)")
    }
    try TrainingCheckpoint.checkNames(of: model.model)
    self.model = model
    self.settings = settings
    let normalization = try normalization ?? Normalization(of: training)
    data = DataDescription(
      imageCount: training.count, imageShape: training.imageShape.dimensions, classCount: training.classCount,
      normalization: normalization)
    loader = try BatchLoader(
      training, batchSize: settings.batchSize, shuffleSeed: settings.seed, normalization: normalization,
      augmentation: settings.augmentation)
    testLoader = try BatchLoader(
      test, batchSize: settings.batchSize, shuffleSeed: nil, normalization: normalization, augmentation: nil)
    tape = Tape(context: context)
    evaluationTape = Tape(context: context, pool: tape.pool, isRecording: false)
    parameters = model.model.parameters
    // Biases and what BatchNorm holds have one extent.
    optimizer = settings.optimizer.make(
      undecayed: parameters.filter { $0.parameter.shape.rank < 2 }.map(\.name))
    let steps = settings.epochs * loader.batchCount
    guard settings.warmupSteps < steps else {
      throw TrainingError.setting(
        "warm-up steps", "\(settings.warmupSteps)", expected: "less than the training's \(steps)")
    }
    schedule = settings.schedule.schedule(rate: settings.learningRate, warmup: settings.warmupSteps, steps: steps)
    loss = CrossEntropyLoss(labelSmoothing: settings.labelSmoothing)
    sparsity = SparsityController(settings, model: model, steps: steps)
  }

  /// Trains until all epochs are done, or until something else ends it.
  ///
  /// After each epoch the test images are evaluated, observers are told, and the checkpoint is written.
  ///
  /// - Throws: ``TrainingError/lossNotFinite(loss:epoch:step:place:)`` and the like, in which case the last checkpoint stays; what
  ///   kernels, images and files throw.
  @discardableResult
  public func run() throws -> Ending {
    while position.epoch < settings.epochs {
      if hasRunOutOfPatience { return .stoppedEarly }
      if try !trainEpoch() {
        try saveCheckpoint()
        return .interrupted
      }
      let result = try evaluate()
      try finishEpoch(result)
    }
    return .finished
  }

  /// Whether the last epochs brought nothing better.
  private var hasRunOutOfPatience: Bool {
    guard let patience = settings.patience, position.epochsSinceBest >= patience else { return false }
    note("no better test accuracy for \(patience) epochs: training stops early")
    return true
  }

  /// Runs the steps of the epoch that are left.
  ///
  /// - Returns: false if a stop was wished for.
  private func trainEpoch() throws -> Bool {
    model.model.train()
    loader.begin(epoch: position.epoch, batch: position.batch)
    let clock = ContinuousClock()
    var last = clock.now
    while let batch = try loader.next() {
      if stopRequest.isMade { return false }
      try step(batch)
      let now = clock.now
      position.seconds += last.duration(to: now) / .seconds(1)
      for observer in observers { observer.stepEnded(progress) }
      last = clock.now
    }
    return true
  }

  private func finishEpoch(_ result: EvaluationResult) throws {
    let images = Double(position.imageCount)
    let metrics = EpochMetrics(
      epoch: position.epoch + 1, step: position.step, learningRate: schedule.rate(step: max(position.step - 1, 0)),
      trainLoss: position.lossSum / images, trainAccuracy: Double(position.correctCount) / images,
      testLoss: result.loss, testAccuracy: result.accuracy, sparsity: model.sparsity,
      imagesPerSecond: position.seconds > 0 ? images / position.seconds : 0, seconds: position.seconds)
    var next = TrainingPosition()
    next.epoch = position.epoch + 1
    next.step = position.step
    next.history = position.history + [metrics]
    position = next
    for observer in observers { observer.epochEnded(metrics, epochCount: settings.epochs) }
    try saveCheckpoint()
  }

  private var progress: StepProgress {
    let images = Double(position.imageCount)
    let rate = position.seconds > 0 ? images / position.seconds : 0
    let left = settings.epochs * loader.imageCount - position.epoch * loader.imageCount - position.imageCount
    return StepProgress(
      epoch: position.epoch + 1, epochCount: settings.epochs, step: position.batch, stepCount: loader.batchCount,
      loss: position.lossSum / images, accuracy: Double(position.correctCount) / images, sparsity: model.sparsity,
      imagesPerSecond: rate, secondsLeft: rate > 0 ? Double(left) / rate : 0)
  }

  /// Tells the observers something.
  func note(_ text: String) {
    for observer in observers { observer.note(text) }
  }
}
