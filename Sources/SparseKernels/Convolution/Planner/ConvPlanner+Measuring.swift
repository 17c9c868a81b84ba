import TensorCore

extension ConvPlanner {
  /// Candidates whose prediction is beyond this many times the best are not timed.
  private static let worthTiming = 3.0
  /// Rounds over the candidates, so that what disturbs the machine for a while disturbs them all.
  private static let roundCount = 5
  /// The time for each candidate, and the fewest and the most samples of a round.
  private static let secondsPerCandidate = 0.05
  private static let samplesPerRound = 1...32

  /// Times the candidates that are worth it, on random data.
  func measured(
    _ candidates: [ConvPlan.Candidate], problem: ConvProblem, pattern: SparsityPattern, pass: ConvPass
  ) throws -> [ConvPlan.Candidate] {
    var generator = SeededGenerator(seed: 1)
    let values = (0..<pattern.nnz).map { _ in generator.nextFloat(in: -1..<1) }
    let weights = ConvWeights(try CSRMatrix(pattern: pattern, values: values))
    let operands = PassOperands(pass, problem: problem, seed: 2)
    let best = candidates.compactMap { $0.predicted?.seconds }.min() ?? .infinity

    var candidates = candidates
    var runs: [Run] = []
    for index in candidates.indices where candidates[index].refusal == nil {
      if let predicted = candidates[index].predicted?.seconds, predicted > Self.worthTiming * best {
        candidates[index].refusal = "not worth timing, predicted \(Self.ratio(predicted / best)) times the best"
        continue
      }
      let prepared = try self.candidates[index].prepare(problem, weights: weights)
      guard let call = operands.call(of: prepared) else {
        candidates[index].refusal = "computes forward only"
        continue
      }
      runs.append(Run(index: index, call: call))
    }
    var result = Tensor(zeros: operands.resultShape(problem, nnz: pattern.nnz))
    try time(&runs, into: &result, context: ComputeContext(threadCount: threadCount))
    for run in runs { candidates[run.index].measuredSeconds = run.median }
    return candidates
  }

  /// A prepared candidate and the seconds of its calls.
  private struct Run {
    let index: Int
    let call: PassCall
    var samples: [Double] = []

    var median: Double { samples.sorted()[samples.count / 2] }
  }

  private func time(_ runs: inout [Run], into result: inout Tensor, context: ComputeContext) throws {
    let clock = ContinuousClock()
    // The first call touches memory that is new; the second says who cannot win.
    let firsts = try runs.map { run in
      try run.call.run(into: &result, context: context)
      return try clock.measure { try run.call.run(into: &result, context: context) } / .seconds(1)
    }
    let fastest = firsts.min() ?? 0
    for (index, first) in firsts.enumerated() where first > Self.worthTiming * fastest { runs[index].samples = [first] }
    let contenders = runs.indices.filter { runs[$0].samples.isEmpty }
    for _ in 0..<Self.roundCount {
      for index in contenders {
        // The call before the samples fills the caches, which the candidate before has emptied.
        try runs[index].call.run(into: &result, context: context)
        let wanted = Self.secondsPerCandidate / Double(Self.roundCount) / max(firsts[index], 1e-7)
        let count = Self.samplesPerRound.clamp(wanted)
        for _ in 0..<count {
          runs[index].samples.append(
            try clock.measure { try runs[index].call.run(into: &result, context: context) } / .seconds(1))
        }
      }
    }
  }

  private static func ratio(_ value: Double) -> String {
    let tenths = Int((min(value, 1e9) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension ClosedRange<Int> {
  /// The nearest number of the range.
  fileprivate func clamp(_ value: Double) -> Int {
    value <= Double(lowerBound) ? lowerBound : value >= Double(upperBound) ? upperBound : Int(value)
  }
}
