import ArgumentParser
import Pruning
import SparseTraining

extension SparsityMethod: ExpressibleByArgument {}
extension OptimizerSettings.Kind: ExpressibleByArgument {}
extension ScheduleSettings: ExpressibleByArgument {}

/// How sparsity is shared out, by the names of a command line.
enum DistributionName: String, CaseIterable, ExpressibleByArgument {
  case uniform
  case er
  case erk
  case global

  var distribution: SparsityDistribution {
    switch self {
    case .uniform: .uniform
    case .er: .erdosRenyi
    case .erk: .erdosRenyiKernel
    case .global: .global
    }
  }
}

/// What training depends on. All are optional, so that a resumed training can tell what was said.
struct SettingsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Fraction of zeros in the layers that are pruned, in 0..<1. (default: 0.9)", valueName: "fraction"))
  var sparsity: Double?

  @Option(
    help: ArgumentHelp(
      "How the zeros come: \(SparsityMethod.allCases.map(\.rawValue).joined(separator: ", ")). (default: rigl)",
      valueName: "name"))
  var method: SparsityMethod?

  @Option(
    help: ArgumentHelp(
      "How zeros are shared out among layers: \(DistributionName.allCases.map(\.rawValue).joined(separator: ", ")). (default: as the method's paper)",
      valueName: "name"))
  var distribution: DistributionName?

  @Option(
    help: ArgumentHelp(
      "\(OptimizerSettings.Kind.allCases.map(\.rawValue).joined(separator: ", ")). (default: adamw)", valueName: "name")
  )
  var optimizer: OptimizerSettings.Kind?

  @Option(help: ArgumentHelp("The largest learning rate. (default: as usual for the optimizer)", valueName: "rate"))
  var learningRate: Double?

  @Option(help: ArgumentHelp("Momentum of sgd and rmsprop. (default: 0.9)", valueName: "fraction"))
  var momentum: Double?

  @Option(help: ArgumentHelp("Weight decay. (default: 0.01 for adamw, 0.0001 otherwise)", valueName: "number"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      "How the learning rate goes: \(ScheduleSettings.allCases.map(\.rawValue).joined(separator: ", ")). (default: one-cycle)",
      valueName: "name"))
  var schedule: ScheduleSettings?

  @Option(help: ArgumentHelp("Steps in which the learning rate goes up first. (default: 0)", valueName: "count"))
  var warmup: Int?

  @Option(help: ArgumentHelp("How often each image is met. (default: 10)", valueName: "count"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Images per step. (default: 128)", valueName: "count"))
  var batch: Int?

  @Option(help: ArgumentHelp("Where all random numbers start. (default: 1)", valueName: "number"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Pixels by which images are shifted at random. (default: 0)", valueName: "pixels"))
  var shift: Int?

  @Flag(help: "Mirrors half of the images, left to right.")
  var flip = false

  @Option(help: ArgumentHelp("Share of the target that goes to all classes. (default: 0)", valueName: "fraction"))
  var labelSmoothing: Float?

  @Option(help: ArgumentHelp("Brings the gradients' norm down to this. (default: not)", valueName: "norm"))
  var clip: Double?

  @Option(
    help: ArgumentHelp(
      "Ends training after so many epochs without better accuracy. (default: not)", valueName: "epochs"))
  var patience: Int?

  /// The settings, with defaults where nothing was said.
  ///
  /// - Throws: ``TrainingError/setting(_:_:expected:)``.
  func settings() throws -> TrainingSettings {
    var settings = TrainingSettings()
    let kind = optimizer ?? .adamw
    settings.method = method ?? (sparsity == 0 ? .dense : .rigL)
    settings.sparsity = settings.method == .dense ? 0 : sparsity ?? 0.9
    settings.distribution = distribution?.distribution ?? settings.method.usualDistribution
    settings.optimizer = OptimizerSettings(
      kind, momentum: momentum ?? 0.9, weightDecay: weightDecay ?? (kind == .adamw ? 1e-2 : 1e-4))
    settings.learningRate = learningRate ?? kind.usualLearningRate
    settings.schedule = schedule ?? .oneCycle
    settings.warmupSteps = warmup ?? 0
    settings.epochs = epochs ?? 10
    settings.batchSize = batch ?? 128
    settings.seed = seed ?? 1
    settings.shift = shift ?? 0
    settings.flips = flip
    settings.labelSmoothing = labelSmoothing ?? 0
    settings.gradientClipping = clip
    settings.patience = patience
    if method == .dense, let sparsity, sparsity != 0 {
      throw TrainingError.setting("sparsity", "\(sparsity)", expected: "0 for the method dense")
    }
    try settings.check()
    return settings
  }

  /// Whether anything was said.
  var isEmpty: Bool {
    let said: [Any?] = [
      sparsity, method, distribution, optimizer, learningRate, momentum, weightDecay, schedule, warmup, epochs, batch,
      seed, shift, labelSmoothing, clip, patience,
    ]
    return said.allSatisfy { $0 == nil } && !flip
  }
}
