import BenchmarkReport
import SparseKernels

/// One kernel on one layer at one sparsity: a row of the tables, an element of the JSON's `results`.
struct LayerResult: Sendable {
  let problem: ConvProblem
  let threads: Int
  let side: LayerSide
  let kernel: String
  let sparsity: Double
  let nnz: Int
  /// `ok`, `declined: REASON` or `wrong: DETAIL`.
  let status: String
  /// Only where the status is `ok`.
  let errors: PassErrors
  let timing: StepTiming?

  var isWrong: Bool { status.hasPrefix("wrong") }
}

/// What the samples of a step say.
struct StepTiming: Sendable {
  let samples: [StepSample]
  /// Of the whole step.
  let step: SampleStatistics
  let phases: [StepPhase: SampleStatistics]
  /// The dense kernel whose whole step is the fastest; nil where none was measured.
  private(set) var baseline: String?
  /// The baseline's median over this one's.
  private(set) var speedup: Double?
  /// The same of each part of the step.
  private(set) var phaseSpeedups: [StepPhase: Double] = [:]
  /// Whether the difference to the baseline is within both spreads.
  private(set) var isLevel = false

  /// - Precondition: there is a sample.
  init(_ samples: [StepSample]) {
    self.samples = samples
    step = SampleStatistics(samples.map(\.seconds))
    phases = Dictionary(
      uniqueKeysWithValues: StepPhase.allCases.map { phase in (phase, SampleStatistics(samples.map { $0[phase] })) })
  }

  /// The same samples beside those of a baseline.
  func compared(with baseline: StepTiming, named name: String) -> StepTiming {
    var result = self
    result.baseline = name
    result.speedup = baseline.step.median / step.median
    for (phase, statistics) in phases where statistics.median > 0 {
      result.phaseSpeedups[phase] = baseline.phases[phase].map { $0.median / statistics.median }
    }
    result.isLevel =
      abs(baseline.step.median - step.median)
      <= baseline.step.medianAbsoluteDeviation + step.medianAbsoluteDeviation
    return result
  }
}

extension LayerResult {
  /// The results of one layer, each beside the fastest of the dense side; a contender without samples has none.
  static func results(of outcomes: [LayerOutcome], problem: ConvProblem, threads: Int) -> [LayerResult] {
    var measured = outcomes.compactMap { outcome -> LayerResult? in
      func result(_ status: String, _ contender: LayerContender? = nil) -> LayerResult {
        LayerResult(
          problem: problem, threads: threads, side: outcome.side, kernel: outcome.kernelName,
          sparsity: outcome.sparsity, nnz: outcome.weights.matrix.nnz, status: status, errors: contender?.errors ?? [:],
          timing: contender.map { StepTiming($0.samples) })
      }
      switch outcome.attempt {
      case .refused(let status): return result(status)
      case .contender(let contender): return contender.samples.isEmpty ? nil : result("ok", contender)
      }
    }
    compareWithFastestDense(&measured)
    return measured
  }

  /// Chooses the baseline of a layer's results and compares all with it, itself too.
  static func compareWithFastestDense(_ results: inout [LayerResult]) {
    let dense = results.compactMap { result in
      result.side == .dense ? result.timing.map { (name: result.kernel, timing: $0) } : nil
    }
    guard let fastest = dense.min(by: { $0.timing.step.median < $1.timing.step.median }) else { return }
    results = results.map { $0.with($0.timing?.compared(with: fastest.timing, named: fastest.name)) }
  }

  private func with(_ timing: StepTiming?) -> LayerResult {
    LayerResult(
      problem: problem, threads: threads, side: side, kernel: kernel, sparsity: sparsity, nnz: nnz, status: status,
      errors: errors, timing: timing)
  }
}
