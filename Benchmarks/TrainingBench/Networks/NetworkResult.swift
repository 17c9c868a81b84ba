import BenchmarkReport

/// One variant of a network: a row of the tables, an element of the JSON's `results`.
struct NetworkResult: Sendable {
  let network: NetworkKind
  let optimizer: OptimizerKind
  let batch: Int
  let threads: Int
  let form: NetworkVariant.Form
  /// Over the layers that are not small.
  let sparsity: Double
  /// The numbers that training changes.
  let parameterCount: Int
  /// `ok` or `wrong: DETAIL`.
  let status: String
  let memory: NetworkMemory?
  let timing: NetworkTiming?
  /// Empty where none was asked for.
  let profile: [ProfileEntry]

  var isWrong: Bool { status.hasPrefix("wrong") }
  var isDense: Bool { form == .dense || form == .allStored }

  /// Images of the median step in a second.
  var imagesPerSecond: Double? { timing.map { Double(batch) / $0.step.median } }
}

/// What the samples of a network's step say.
struct NetworkTiming: Sendable {
  let samples: [NetworkSample]
  /// Of the whole step.
  let step: SampleStatistics
  let forward: SampleStatistics
  let backward: SampleStatistics
  let update: SampleStatistics
  /// Over the network of dense layers.
  var speedupOverDense: Double?
  /// Over the faster of the dense sides.
  var speedupOverBestDense: Double?

  /// - Precondition: there is a sample.
  init(_ samples: [NetworkSample]) {
    self.samples = samples
    step = SampleStatistics(samples.map(\.seconds))
    forward = SampleStatistics(samples.map(\.forward))
    backward = SampleStatistics(samples.map(\.backward))
    update = SampleStatistics(samples.map(\.update))
  }
}

extension NetworkResult {
  /// The results of one network beside its dense sides; a variant without samples has none.
  static func results(of outcomes: [NetworkOutcome], network: NetworkKind, plan: NetworkPlan) -> [NetworkResult] {
    func timing(_ outcome: NetworkOutcome) -> NetworkTiming? {
      outcome.trainer.samples.isEmpty ? nil : NetworkTiming(outcome.trainer.samples)
    }
    func median(_ form: NetworkVariant.Form) -> Double? {
      outcomes.first { $0.trainer.variant.form == form }.flatMap(timing)?.step.median
    }
    let (dense, allStored) = (median(.dense), median(.allStored))
    let best = [dense, allStored].compactMap(\.self).min()
    return outcomes.compactMap { outcome in
      var timing = timing(outcome)
      if timing == nil && outcome.fault == nil { return nil }
      if let step = timing?.step.median {
        timing?.speedupOverDense = dense.map { $0 / step }
        timing?.speedupOverBestDense = best.map { $0 / step }
      }
      let trainer = outcome.trainer
      return NetworkResult(
        network: network, optimizer: plan.optimizer, batch: plan.settings.batch, threads: plan.settings.threadCount,
        form: trainer.variant.form, sparsity: trainer.variant.sparsity,
        parameterCount: trainer.parameters.reduce(0) { $0 + $1.parameter.count },
        status: outcome.fault.map { "wrong: \($0)" } ?? "ok", memory: timing == nil ? nil : trainer.memory,
        timing: timing, profile: outcome.profile)
    }
  }
}
