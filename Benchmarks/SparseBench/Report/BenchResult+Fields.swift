extension BenchResult: ReportRecord {
  /// Everything but the samples and the terms of the cost.
  package static let fields: [(key: String, value: @Sendable (BenchResult) -> FieldValue)] = [
    ("problem", { .text($0.problem) }),
    ("name", { .text($0.name) }),
    ("kernel", { .text($0.kernel) }),
    ("batch", { .integer($0.batch) }),
    ("threads", { .integer($0.threads) }),
    ("pass", { .text($0.pass.rawValue) }),
    ("sparsity", { .number($0.sparsity) }),
    ("nnz", { .integer($0.nnz) }),
    ("medianSeconds", { .number($0.timing?.statistics.median) }),
    ("minimumSeconds", { .number($0.timing?.statistics.minimum) }),
    ("madSeconds", { .number($0.timing?.statistics.medianAbsoluteDeviation) }),
    ("sampleCount", { .integer($0.timing?.samples.count ?? 0) }),
    ("nonzeroGflops", { .number($0.timing?.nonzeroGflops) }),
    ("denseEquivalentGflops", { .number($0.timing?.denseEquivalentGflops) }),
    ("speedupOverDense", { .number($0.timing?.speedupOverDense) }),
    ("speedupOverBestDense", { .number($0.timing?.speedupOverBestDense) }),
    ("weightBytes", { .integer($0.timing?.weightByteCount) }),
    ("scratchBytes", { .integer($0.timing?.scratchByteCount) }),
    ("maxRelativeError", { .number($0.maxRelativeError) }),
    ("predictedSeconds", { .number($0.predicted?.seconds) }),
    ("chosenKernel", { .text($0.planned?.plan.choice) }),
    ("chosenBy", { .text($0.planned?.plan.origin.rawValue) }),
    ("regret", { .number($0.planned?.regret) }),
    ("status", { .text($0.status) }),
  ]

  /// The fields, the samples, and the ideal seconds of each term of a kernel's cost, which `fit-costs.py` fits. Every key is always
  /// there; what was not measured is null.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldKey.self)
    try encodeFields(into: &container)
    try container.encode(timing?.samples ?? [], forKey: FieldKey(stringValue: "samples"))
    let terms = planned == nil ? predicted?.terms ?? [] : []
    try container.encode(
      Dictionary(terms.map { ($0.name, $0.idealSeconds) }) { $1 }, forKey: FieldKey(stringValue: "costTerms"))
  }
}
