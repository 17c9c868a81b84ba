import BenchmarkReport

extension NetworkResult: ReportRecord {
  /// Everything but the samples and the profile.
  static let fields: [(key: String, value: @Sendable (NetworkResult) -> FieldValue)] = [
    ("network", { .text($0.network.rawValue) }),
    ("imageShape", { .text($0.network.imageShape.map(String.init).joined(separator: "x")) }),
    ("optimizer", { .text($0.optimizer.rawValue) }),
    ("batch", { .integer($0.batch) }),
    ("threads", { .integer($0.threads) }),
    ("form", { .text($0.form.rawValue) }),
    ("sparsity", { .number($0.sparsity) }),
    ("parameterCount", { .integer($0.parameterCount) }),
    ("stepMedianSeconds", { .number($0.timing?.step.median) }),
    ("stepMinimumSeconds", { .number($0.timing?.step.minimum) }),
    ("stepMadSeconds", { .number($0.timing?.step.medianAbsoluteDeviation) }),
    ("sampleCount", { .integer($0.timing?.samples.count ?? 0) }),
    ("forwardMedianSeconds", { .number($0.timing?.forward.median) }),
    ("backwardMedianSeconds", { .number($0.timing?.backward.median) }),
    ("updateMedianSeconds", { .number($0.timing?.update.median) }),
    ("imagesPerSecond", { .number($0.imagesPerSecond) }),
    ("speedupOverDense", { .number($0.timing?.speedupOverDense) }),
    ("speedupOverBestDense", { .number($0.timing?.speedupOverBestDense) }),
    ("parameterBytes", { .integer($0.memory?.parameterBytes) }),
    ("gradientBytes", { .integer($0.memory?.gradientBytes) }),
    ("patternBytes", { .integer($0.memory?.patternBytes) }),
    ("optimizerBytes", { .integer($0.memory?.optimizerBytes) }),
    ("memoryBytes", { .integer($0.memory?.total) }),
    ("status", { .text($0.status) }),
  ]

  /// The fields, the seconds of every sample by part of the step, and the profile.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldKey.self)
    try encodeFields(into: &container)
    let samples = timing?.samples ?? []
    try container.encode(
      [
        "forward": samples.map(\.forward), "backward": samples.map(\.backward), "update": samples.map(\.update),
      ], forKey: FieldKey(stringValue: "samples"))
    try container.encode(profile, forKey: FieldKey(stringValue: "profile"))
  }
}
