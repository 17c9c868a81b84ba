import NeuralLayers
import SparseKernels
import SparseTraining
import TensorCore

/// Small images of four classes that differ in the direction of their stripes, with noise.
struct StripeImages: LabelledImages {
  var count: Int
  var seed: UInt64 = 1
  /// What the first pixel of an image is instead, by number.
  var faults: [Int: Float] = [:]
  /// Labels that are told instead, by number.
  var wrongLabels: [Int: Int] = [:]

  let imageShape: Shape = [1, 8, 8]
  let classCount = 4

  func read(_ index: Int, into image: UnsafeMutableBufferPointer<Float>) -> Int {
    var generator = SeededGenerator(seed: seed &+ UInt64(index) &* 977)
    let (label, phase) = (index % classCount, generator.nextIndex(below: 4))
    for y in 0..<8 {
      for x in 0..<8 {
        let place = [x, y, x + y, x - y + 8][label]
        image[y * 8 + x] = ((place + phase) / 2 % 2 == 0 ? 0.8 : 0.2) + 0.2 * generator.nextUnit()
      }
    }
    if let fault = faults[index] { image[0] = fault }
    return wrongLabels[index] ?? label
  }
}

extension TrainingSettings {
  /// A few short steps, with what random numbers there are.
  static func small(_ method: SparsityMethod, epochs: Int = 2) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.epochs = epochs
    settings.batchSize = 16
    settings.method = method
    settings.sparsity = method == .dense ? 0 : 0.8
    settings.distribution = method.usualDistribution
    settings.shift = 1
    settings.flips = true
    return settings
  }
}

extension Trainer {
  /// A trainer of vgg-small on 60 striped images, so that an epoch has three steps of 16 and one of 12.
  static func small(
    _ settings: TrainingSettings, threads: Int = 1, images: StripeImages = StripeImages(count: 60),
    test: StripeImages = StripeImages(count: 40, seed: 99)
  ) throws -> Trainer {
    let model = try SparseModel(settings) { try VGGSmall(classCount: 4, density: $0, seed: settings.seed) }
    let trainer = try Trainer(
      model, settings: settings, training: images, test: test, normalization: .halves,
      context: ComputeContext(threadCount: threads))
    trainer.networkName = "vgg-small"
    return trainer
  }

  /// All that training changes in a model, to the bit.
  var bits: [String: [UInt32]] {
    var bits: [String: [UInt32]] = [:]
    for parameter in model.model.parameters {
      bits[parameter.name] = parameter.parameter.values.map(\.bitPattern)
      bits[parameter.name + " pattern"] = parameter.parameter.pattern?.columnIndices.map { UInt32(bitPattern: $0) }
    }
    for buffer in model.model.buffers { bits[buffer.name] = buffer.buffer.values.map(\.bitPattern) }
    return bits
  }
}

extension Normalization {
  /// Takes 0...1 to -1...1.
  static let halves = Normalization(mean: [0.5], standardDeviation: [0.5])
}

/// Makes a stop request after so many steps, and keeps what is told.
final class StoppingObserver: TrainingObserver {
  private(set) var steps: [StepProgress] = []
  private(set) var epochs: [EpochMetrics] = []
  private(set) var notes: [String] = []
  private let stop: StopRequest?
  private let after: Int

  init(_ stop: StopRequest? = nil, after: Int = 0) {
    self.stop = stop
    self.after = after
  }

  func stepEnded(_ progress: StepProgress) {
    steps.append(progress)
    if steps.count == after { stop?.make() }
  }

  func epochEnded(_ metrics: EpochMetrics, epochCount: Int) { epochs.append(metrics) }

  func note(_ text: String) { notes.append(text) }
}
