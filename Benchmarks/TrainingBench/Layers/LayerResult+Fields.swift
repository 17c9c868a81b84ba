import BenchmarkReport
import SparseKernels

extension LayerResult: ReportRecord {
  typealias Field = (key: String, value: @Sendable (LayerResult) -> FieldValue)

  /// Everything but the samples.
  static let fields: [Field] =
    stepFields + StepPhase.allCases.flatMap(fields(of:)) + ConvPass.allCases.map(errorField)
    + statusFields

  private static let stepFields: [Field] = [
    ("problem", { .text($0.problem.benchdnn) }),
    ("name", { .text($0.problem.name) }),
    ("group", { .text($0.problem.group) }),
    ("side", { .text($0.side.rawValue) }),
    ("kernel", { .text($0.kernel) }),
    ("batch", { .integer($0.problem.batch) }),
    ("threads", { .integer($0.threads) }),
    ("sparsity", { .number($0.sparsity) }),
    ("nnz", { .integer($0.nnz) }),
    ("stepMedianSeconds", { .number($0.timing?.step.median) }),
    ("stepMinimumSeconds", { .number($0.timing?.step.minimum) }),
    ("stepMadSeconds", { .number($0.timing?.step.medianAbsoluteDeviation) }),
    ("sampleCount", { .integer($0.timing?.samples.count ?? 0) }),
    ("baseline", { .text($0.timing?.baseline) }),
    ("stepSpeedup", { .number($0.timing?.speedup) }),
  ]

  private static let statusFields: [Field] = [("status", { .text($0.status) })]

  private static func fields(of phase: StepPhase) -> [Field] {
    [
      ("\(phase.rawValue)MedianSeconds", { .number($0.timing?.phases[phase]?.median) }),
      ("\(phase.rawValue)MadSeconds", { .number($0.timing?.phases[phase]?.medianAbsoluteDeviation) }),
      ("\(phase.rawValue)Speedup", { .number($0.timing?.phaseSpeedups[phase]) }),
    ]
  }

  private static func errorField(_ pass: ConvPass) -> Field {
    ("\(pass.key)MaxRelativeError", { .number($0.errors[pass]) })
  }

  /// The fields, and the seconds of every sample by part of the step.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldKey.self)
    try encodeFields(into: &container)
    let samples = timing?.samples ?? []
    try container.encode(
      Dictionary(uniqueKeysWithValues: StepPhase.allCases.map { phase in (phase.rawValue, samples.map { $0[phase] }) }),
      forKey: FieldKey(stringValue: "samples"))
  }
}

extension ConvPass {
  /// As the keys of a file have it.
  var key: String {
    switch self {
    case .forward: "forward"
    case .inputGradient: "inputGradient"
    case .weightGradient: "weightGradient"
    }
  }
}
