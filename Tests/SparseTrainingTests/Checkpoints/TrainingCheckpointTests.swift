import Foundation
import ModelFormats
import NeuralLayers
import SparseKernels
import TensorCore
import TestSupport
import Testing

@testable import SparseTraining

@Suite struct TrainingCheckpointTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("checkpoint.safetensors")
    let trainer = try Trainer.small(.small(.movement))
    trainer.checkpointPath = path
    trainer.observers = [StoppingObserver(trainer.stopRequest, after: 5)]
    try trainer.run()
  }

  @Test func aCheckpointCutShortIsRefusedAtEveryLength() throws {
    let whole = try contents(of: path)
    let lengths = Set([0, 1, 7, 8, 9, 100, whole.count / 2, whole.count - 4, whole.count - 1])
    for length in lengths {
      let short = try folder.file("short.safetensors", holding: whole.prefix(length))
      #expect(throws: FormatError.self, "\(length) of \(whole.count)") { try TrainingCheckpoint(path: short) }
    }
    #expect(try contents(of: path) == whole)
  }

  @Test func aNewerVersionIsRefused() throws {
    let text = try contents(of: path)
    let version = Data("\"sparsenn.checkpoint\":\"1\"".utf8)
    let range = try #require(text.range(of: version))
    for other in ["2", "0", "x"] {
      var changed = text
      changed.replaceSubrange(range, with: Data("\"sparsenn.checkpoint\":\"\(other)\"".utf8))
      let file = try folder.file("other.safetensors", holding: changed)
      let error = #expect(throws: TrainingError.self) { try TrainingCheckpoint(path: file) }
      #expect("\(try #require(error))".contains("version \(other), expected 1 or older"))
    }
  }

  @Test func aModelIsNoCheckpoint() throws {
    var writer = SafetensorsWriter()
    try writer.add(VGGSmall(seed: 1))
    try writer.write(to: folder.file("model.safetensors"))
    let error = #expect(throws: TrainingError.self) {
      try TrainingCheckpoint(path: folder.file("model.safetensors"))
    }
    #expect("\(try #require(error))".contains("is no checkpoint"))
  }

  @Test func anotherNetworkIsRefusedAndChangesNothing() throws {
    let settings = TrainingSettings.small(.movement)
    let other = try Trainer(
      SparseModel(settings) { try ResNet20(inputChannels: 1, classCount: 4, density: $0, seed: 1) },
      settings: settings, training: StripeImages(count: 60), test: StripeImages(count: 40),
      normalization: .halves, context: ComputeContext())
    let before = other.bits
    let checkpoint = try TrainingCheckpoint(path: path)
    // By its name, and where names are equal by its weights.
    for (name, words) in [
      ("resnet20", "is of the network vgg-small, expected resnet20"), ("vgg-small", "another network"),
    ] {
      other.networkName = name
      let error = #expect(throws: TrainingError.self) { try other.resume(from: checkpoint) }
      #expect("\(try #require(error))".contains(words))
    }
    #expect(other.bits == before && other.position == TrainingPosition())
  }

  @Test func otherSettingsOrImagesAreRefused() throws {
    let checkpoint = try TrainingCheckpoint(path: path)
    var settings = TrainingSettings.small(.movement)
    let images = try Trainer.small(settings, images: StripeImages(count: 59))
    #expect(throws: TrainingError.self) { try images.resume(from: checkpoint) }
    settings.learningRate *= 2
    let rate = try Trainer.small(settings)
    let error = #expect(throws: TrainingError.self) { try rate.resume(from: checkpoint) }
    #expect("\(try #require(error))".contains("other settings"))
  }

  @Test func optimizerStateMustFit() throws {
    let file = try SafetensorsFile(path: path)
    let checkpoint = try TrainingCheckpoint(path: path)
    let names = file.tensorNames.filter { $0.hasPrefix("optimizer.") }
    #expect(names.count == 2 * (try Trainer.small(checkpoint.settings)).model.model.parameters.count)
    // Without one of its arrays, or all of a parameter's.
    for missing in [[names[0]], names.filter { $0.hasPrefix("optimizer.classifier.weight.") }] {
      var writer = SafetensorsWriter(metadata: file.metadata.filter { $0.key.hasPrefix("sparsenn.") })
      for name in file.matrixNames {
        try writer.add(file.matrix(named: name), named: name, shape: file.matrixShape(named: name))
      }
      let parts = Set(
        file.matrixNames.flatMap { name in ["row_offsets", "column_indices", "values"].map { "\(name).\($0)" } })
      for name in file.tensorNames where !missing.contains(name) && !parts.contains(name) {
        try writer.add(file.tensor(named: name), named: name)
      }
      try writer.write(to: folder.file("less.safetensors"))
      let trainer = try Trainer.small(checkpoint.settings)
      let before = trainer.bits
      let error = #expect(throws: TrainingError.self) {
        try trainer.resume(from: TrainingCheckpoint(path: folder.file("less.safetensors")))
      }
      #expect("\(try #require(error))".contains("has no exp_avg"))
      #expect(trainer.bits == before)
    }
  }

  @Test func textsThatLieAreRefused() throws {
    let whole = try contents(of: path)
    let faults = [
      ("\\\"epochs\\\":2", "\\\"epochs\\\":0"), ("\\\"epoch\\\":1", "\\\"epoch\\\":7"),
      ("sparsenn.position", "sparsenn.positiom"),
    ]
    for (from, to) in faults {
      var changed = whole
      let range = try #require(whole.range(of: Data(from.utf8)), "\(from)")
      changed.replaceSubrange(range, with: Data(to.utf8))
      let file = try folder.file("lie.safetensors", holding: changed)
      #expect(throws: TrainingError.self, "\(to)") { try TrainingCheckpoint(path: file) }
    }
  }

  /// A position that no training comes through, or an optimizer ahead of it.
  @Test func positionsThatLieAreRefused() throws {
    let whole = try contents(of: path)
    let faults = [
      ("\\\"step\\\":5}", "\\\"step\\\":6}"), ("\\\"batch\\\":1", "\\\"batch\\\":2"),
      ("\\\"imageCount\\\":16", "\\\"imageCount\\\":17"),
    ]
    for (from, to) in faults {
      var changed = whole
      let position = try #require(whole.range(of: Data("sparsenn.position".utf8)))
      let range = try #require(whole.range(of: Data(from.utf8), in: position.upperBound..<whole.count), "\(from)")
      changed.replaceSubrange(range, with: Data(to.utf8))
      let file = try folder.file("lie.safetensors", holding: changed)
      let trainer = try Trainer.small(.small(.movement))
      let before = trainer.bits
      #expect(throws: TrainingError.self, "\(to)") { try trainer.resume(from: TrainingCheckpoint(path: file)) }
      #expect(trainer.bits == before && trainer.position == TrainingPosition())
    }
  }

  @Test func lossesThatAreNoNumbersOutliveTheFile() throws {
    let trainer = try Trainer.small(.small(.fixed))
    trainer.checkpointPath = folder.file("nan.safetensors")
    trainer.observers = [StoppingObserver(trainer.stopRequest, after: 5)]
    try trainer.run()
    trainer.position.history[0].testLoss = .infinity
    try trainer.saveCheckpoint()
    let again = try TrainingCheckpoint(path: folder.file("nan.safetensors"))
    #expect(again.position == trainer.position)
  }

  @Test func aCheckpointIsReadAsWeights() throws {
    let file = try SafetensorsFile(path: path)
    let trainer = try Trainer.small(.small(.movement))
    for layer in trainer.model.prunable {
      #expect(try file.matrixShape(named: layer.name) == layer.parameter.shape)
    }
  }
}
