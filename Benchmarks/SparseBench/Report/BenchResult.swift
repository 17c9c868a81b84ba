import SparseKernels

/// One kernel on one case: a row of the tables, an element of the JSON's `results`.
package struct BenchResult: Sendable {
  package let problem: String
  package let name: String
  package let kernel: String
  package let batch: Int
  package let threads: Int
  package let pass: ConvPass
  package let sparsity: Double
  package let nnz: Int
  /// The weights' positions, stored or not.
  package let weightCount: Int
  /// What the weights take in CSR's three arrays.
  package let csrByteCount: Int
  /// `ok`, `declined: REASON` or `wrong: DETAIL`.
  package let status: String
  package let timing: Timing?
  /// Of the largest element of the result; only where the status is `ok`.
  package let maxRelativeError: Double?
  /// What the kernel expected a call to take, if it has a cost model.
  package let predicted: ConvCost?
  /// Why it is this one, where the kernel is another's choice, and how much slower than the fastest that choice was.
  package let planned: Planned?

  /// A choice and what it cost.
  package struct Planned: Sendable {
    package let plan: ConvPlan
    /// The time over that of the fastest kernel beside it, less 1; 0 where that one was chosen, nil where there is no other.
    package let regret: Double?
    /// The seconds of the fastest kernel beside it.
    package let fastestSeconds: Double?

    package init(plan: ConvPlan, regret: Double?, fastestSeconds: Double?) {
      self.plan = plan
      self.regret = regret
      self.fastestSeconds = fastestSeconds
    }
  }

  /// What was measured where the status is `ok`.
  package struct Timing: Sendable {
    let samples: [Double]
    package let statistics: SampleStatistics
    package let nonzeroGflops: Double
    package let denseEquivalentGflops: Double
    /// Only where `dense` was measured beside it.
    package let speedupOverDense: Double?
    /// Over the fastest of the dense kernels that were measured beside it.
    package let speedupOverBestDense: Double?
    /// Whether the difference to `dense` is within both spreads; never for `dense` itself.
    package let isLevelWithDense: Bool
    package let weightByteCount: Int
    package let scratchByteCount: Int
  }

  /// A kernel's result on weights.
  ///
  /// - Parameters:
  ///   - sparsity: as asked for, or as found in a file.
  ///   - timing: nil where the status is not `ok`.
  package init(
    kernel: String, problem: ConvProblem, threads: Int, pass: ConvPass, sparsity: Double, weights: ConvWeights,
    status: String, timing: Timing?, maxRelativeError: Double?, predicted: ConvCost? = nil, planned: Planned? = nil
  ) {
    self.problem = problem.benchdnn
    name = problem.name
    self.kernel = kernel
    batch = problem.batch
    self.threads = threads
    self.pass = pass
    self.sparsity = sparsity
    nnz = weights.matrix.nnz
    weightCount = weights.matrix.rows * weights.matrix.columns
    csrByteCount = weights.matrix.byteCount
    self.status = status
    self.timing = timing
    self.maxRelativeError = maxRelativeError
    self.predicted = predicted
    self.planned = planned
  }
}

extension BenchResult {
  /// Whether the kernel computed something wrong.
  package var isWrong: Bool { status.hasPrefix("wrong") }

  /// The results of one case; a kernel that Ctrl-C left without samples has none.
  static func results(of outcomes: [Outcome], item: BenchCase, plan: BenchPlan) -> [BenchResult] {
    let baselines = DenseBaselines(outcomes)
    func result(
      _ kernel: String, status: String, timing: Timing? = nil, contender: Contender? = nil
    ) -> BenchResult {
      BenchResult(
        kernel: kernel, problem: item.problem, threads: plan.threadCount, pass: plan.pass, sparsity: item.sparsity,
        weights: item.weights, status: status, timing: timing, maxRelativeError: contender?.maxRelativeError,
        predicted: contender?.predicted, planned: contender.flatMap { Planned($0, beside: outcomes) })
    }
    return outcomes.compactMap { outcome in
      switch outcome {
      case .refused(let kernelName, let status):
        return result(kernelName, status: status)
      case .contender(let contender):
        if contender.samples.isEmpty { return nil }
        let timing = Timing(
          kernel: contender.kernelName, samples: contender.samples, baselines: baselines, problem: item.problem,
          weights: item.weights, weightByteCount: contender.weightByteCount,
          scratchByteCount: contender.call.scratchByteCount(threadCount: plan.threadCount))
        return result(contender.kernelName, status: "ok", timing: timing, contender: contender)
      }
    }
  }
}

extension BenchResult.Planned {
  /// Nil where the kernel is nobody's choice.
  fileprivate init?(_ contender: Contender, beside outcomes: [Outcome]) {
    guard let plan = contender.plan else { return nil }
    var others: [(kernel: String, median: Double)] = []
    for case .contender(let other) in outcomes where other.plan == nil && !other.samples.isEmpty {
      others.append((other.kernelName, SampleStatistics(other.samples).median))
    }
    let fastest = others.min { $0.median < $1.median }
    let median = SampleStatistics(contender.samples).median
    self.init(
      plan: plan,
      regret: fastest.map { $0.kernel == plan.choice ? 0 : max(0, median / $0.median - 1) },
      fastestSeconds: fastest?.median)
  }
}

extension BenchResult.Timing {
  /// What a kernel's samples say.
  ///
  /// - Parameters:
  ///   - samples: seconds per call, at least one.
  ///   - baselines: what dense kernels took in the same case.
  package init(
    kernel: String, samples: [Double], baselines: DenseBaselines, problem: ConvProblem, weights: ConvWeights,
    weightByteCount: Int, scratchByteCount: Int
  ) {
    let statistics = SampleStatistics(samples)
    let outputs = Double(problem.batch * problem.outputPixels)
    let matrix = weights.matrix
    self.samples = samples
    self.statistics = statistics
    nonzeroGflops = 2 * Double(matrix.nnz) * outputs / statistics.median * 1e-9
    denseEquivalentGflops = 2 * Double(matrix.rows * matrix.columns) * outputs / statistics.median * 1e-9
    speedupOverDense = baselines.dense.map { $0.median / statistics.median }
    speedupOverBestDense = baselines.bestMedian.map { $0 / statistics.median }
    isLevelWithDense =
      kernel != DenseConvKernel().name
      && baselines.dense.map {
        abs($0.median - statistics.median) <= $0.medianAbsoluteDeviation + statistics.medianAbsoluteDeviation
      } ?? false
    self.weightByteCount = weightByteCount
    self.scratchByteCount = scratchByteCount
  }
}
