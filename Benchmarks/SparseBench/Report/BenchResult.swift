import SparseKernels

/// One kernel on one case: a row of the table, an element of the JSON's `results`.
package struct BenchResult: Encodable {
  let problem: String
  let name: String
  package let kernel: String
  let batch: Int
  let threads: Int
  let sparsity: Double
  let nnz: Int
  /// `ok`, `declined: REASON` or `wrong: DETAIL`.
  package let status: String
  package let timing: Timing?
  /// Of the largest output; only where the status is `ok`.
  package let maxRelativeError: Double?

  /// What was measured where the status is `ok`.
  package struct Timing {
    let samples: [Double]
    let statistics: SampleStatistics
    let nonzeroGflops: Double
    let denseEquivalentGflops: Double
    /// Only where `dense` was measured beside it.
    package let speedupOverDense: Double?
    /// Whether the difference to `dense` is within both spreads.
    let isLevelWithDense: Bool
    let weightByteCount: Int
    let scratchByteCount: Int
  }

  private enum Key: String, CodingKey {
    case problem, name, kernel, batch, threads, sparsity, nnz, medianSeconds, minimumSeconds, madSeconds, sampleCount
    case samples, nonzeroGflops, denseEquivalentGflops, speedupOverDense, weightBytes, scratchBytes, maxRelativeError
    case status
  }

  /// Every key is always there; what was not measured is null.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(problem, forKey: .problem)
    try container.encode(name, forKey: .name)
    try container.encode(kernel, forKey: .kernel)
    try container.encode(batch, forKey: .batch)
    try container.encode(threads, forKey: .threads)
    try container.encode(sparsity, forKey: .sparsity)
    try container.encode(nnz, forKey: .nnz)
    try container.encode(timing?.statistics.median, forKey: .medianSeconds)
    try container.encode(timing?.statistics.minimum, forKey: .minimumSeconds)
    try container.encode(timing?.statistics.medianAbsoluteDeviation, forKey: .madSeconds)
    try container.encode(timing?.samples.count ?? 0, forKey: .sampleCount)
    try container.encode(timing?.samples ?? [], forKey: .samples)
    try container.encode(timing?.nonzeroGflops, forKey: .nonzeroGflops)
    try container.encode(timing?.denseEquivalentGflops, forKey: .denseEquivalentGflops)
    try container.encode(timing?.speedupOverDense, forKey: .speedupOverDense)
    try container.encode(timing?.weightByteCount, forKey: .weightBytes)
    try container.encode(timing?.scratchByteCount, forKey: .scratchBytes)
    try container.encode(maxRelativeError, forKey: .maxRelativeError)
    try container.encode(status, forKey: .status)
  }
}

extension BenchResult {
  /// Whether the kernel computed something wrong.
  package var isWrong: Bool { status.hasPrefix("wrong") }

  /// The results of one case; a kernel that Ctrl-C left without samples has none.
  static func results(of outcomes: [Outcome], item: BenchCase, plan: BenchPlan) -> [BenchResult] {
    let dense = outcomes.lazy.compactMap { outcome -> SampleStatistics? in
      guard case .contender(let contender) = outcome, contender.kernelName == DenseConvKernel().name,
        !contender.samples.isEmpty
      else { return nil }
      return SampleStatistics(contender.samples)
    }.first
    return outcomes.compactMap { outcome in
      switch outcome {
      case .refused(let kernelName, let status):
        return BenchResult(item, plan, kernel: kernelName, status: status, timing: nil, maxRelativeError: nil)
      case .contender(let contender):
        if contender.samples.isEmpty { return nil }
        return BenchResult(
          item, plan, kernel: contender.kernelName, status: "ok",
          timing: Timing(contender, item: item, dense: dense, threadCount: plan.threadCount),
          maxRelativeError: contender.maxRelativeError)
      }
    }
  }

  private init(
    _ item: BenchCase, _ plan: BenchPlan, kernel: String, status: String, timing: Timing?, maxRelativeError: Double?
  ) {
    problem = item.problem.benchdnn
    name = item.problem.name
    self.kernel = kernel
    batch = item.problem.batch
    threads = plan.threadCount
    sparsity = item.sparsity
    nnz = item.weights.matrix.nnz
    self.status = status
    self.timing = timing
    self.maxRelativeError = maxRelativeError
  }
}

extension BenchResult.Timing {
  fileprivate init(_ contender: Contender, item: BenchCase, dense: SampleStatistics?, threadCount: Int) {
    let statistics = SampleStatistics(contender.samples)
    let problem = item.problem
    let outputs = Double(problem.batch * problem.outputPixels)
    let weights = item.weights.matrix
    samples = contender.samples
    self.statistics = statistics
    nonzeroGflops = 2 * Double(weights.nnz) * outputs / statistics.median * 1e-9
    denseEquivalentGflops = 2 * Double(weights.rows * weights.columns) * outputs / statistics.median * 1e-9
    speedupOverDense = dense.map { $0.median / statistics.median }
    isLevelWithDense =
      dense.map {
        abs($0.median - statistics.median) <= $0.medianAbsoluteDeviation + statistics.medianAbsoluteDeviation
      } ?? false
    weightByteCount = contender.prepared.weightByteCount
    scratchByteCount = contender.prepared.scratchByteCount(threadCount: threadCount)
  }
}
