import BenchmarkReport
import NeuralLayers
import Optimizers
import TensorCore

/// A network in training on one batch of random images, collecting samples of its step.
final class NetworkTrainer {
  let variant: NetworkVariant
  let model: any Layer
  let parameters: [NamedParameter]
  private(set) var samples: [NetworkSample] = []
  /// The time that went into timed and warming steps.
  private(set) var secondsSpent = 0.0

  private let batch: RandomBatch
  private let tape: Tape
  private var optimizer: any Optimizer

  /// Small, so that random labels leave the weights about as they are.
  private static let learningRate = 1e-4

  init(
    _ variant: NetworkVariant, of network: NetworkKind, optimizer: OptimizerKind, batch: RandomBatch, tape: Tape,
    seed: UInt64
  ) throws {
    self.variant = variant
    self.batch = batch
    self.tape = tape
    self.optimizer = optimizer.optimizer
    model = try network.model(density: variant.density, seed: seed)
    parameters = model.parameters
  }

  /// Takes the samples of a burst.
  func takeSamples(_ burst: Burst) throws {
    var warming = 0.0
    if burst.warmsUp(lastSample: samples.last?.seconds) { warming = try step().seconds }
    let spent = try burst.run(spent: warming) {
      let sample = try step()
      samples.append(sample)
      return sample.seconds
    }
    secondsSpent += spent
  }

  /// One step: all that training does with a batch.
  func step() throws -> NetworkSample {
    var sample = NetworkSample()
    var watch = Stopwatch()
    let loss = try CrossEntropyLoss()(model(tape.input(batch.images)), labels: batch.labels)
    sample.forward = watch.lap()
    try tape.backward(from: loss)
    sample.backward = watch.lap()
    Self.update(&optimizer, parameters)
    sample.update = watch.lap()
    return sample
  }

  /// Steps that tell where their time goes; the clock is read for every operation, so they do not count.
  func profile(stepCount: Int) throws -> StepProfile {
    let profile = StepProfile()
    tape.profiler = profile
    defer { tape.profiler = nil }
    for _ in 0..<stepCount { profile.add(try step()) }
    return profile
  }

  private static func update(_ optimizer: inout some Optimizer, _ parameters: [NamedParameter]) {
    optimizer.beginStep()
    for named in parameters {
      named.parameter.update { values, gradient in
        optimizer.update(named.name, values: values, gradient: gradient, learningRate: learningRate)
      }
    }
  }

  /// What the step keeps between calls.
  var memory: NetworkMemory {
    let floats = parameters.reduce(0) { $0 + $1.parameter.count } * MemoryLayout<Float>.stride
    let indices = parameters.reduce(0) { total, named in
      total + (named.parameter.pattern.map { $0.rowOffsets.count + $0.columnIndices.count } ?? 0)
    }
    return NetworkMemory(
      parameterBytes: floats, gradientBytes: floats, patternBytes: indices * MemoryLayout<Int32>.stride,
      optimizerBytes: optimizer.state.byteCount)
  }
}

/// Images and labels of a step.
struct RandomBatch {
  let images: Tensor
  let labels: [Int]

  init(_ network: NetworkKind, count: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    images = .random(Shape([count] + network.imageShape), using: &generator)
    labels = (0..<count).map { _ in Int(generator.next() % UInt64(NetworkKind.classCount)) }
  }
}

/// The bytes that belong to a network's parameters for as long as it is trained.
struct NetworkMemory: Equatable, Sendable {
  let parameterBytes: Int
  let gradientBytes: Int
  /// The positions of the stored weights.
  let patternBytes: Int
  /// What the optimizer remembers.
  let optimizerBytes: Int

  var total: Int { parameterBytes + gradientBytes + patternBytes + optimizerBytes }
}
