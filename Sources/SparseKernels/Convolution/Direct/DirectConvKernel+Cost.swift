import TensorCore

extension DirectConvKernel {
  /// The work of the plan that `prepare` would make.
  public func cost(_ query: CostQuery) -> ConvCost? {
    let (problem, pattern, threadCount) = (query.problem, query.pattern, query.threadCount)
    var work = DirectWork()
    switch query.pass {
    case .forward:
      work.add(.forward(problem), pattern: pattern, threadCount: threadCount)
    case .inputGradient:
      let transposed = TransposedWeights(pattern, problem: problem).pattern
      work.add(.inputGradient(problem), pattern: transposed, threadCount: threadCount)
    case .weightGradient:
      work.addWeightGradient(.forward(problem), pattern: pattern, threadCount: threadCount)
    }
    return work.cost(query.rates, isWeightGradient: query.pass == .weightGradient)
  }
}

extension DirectWork {
  /// The time of all steps, in cycles of a core that multiplies and adds two vectors in each; wide products in their own time.
  func cost(_ rates: MachineRates, isWeightGradient: Bool) -> ConvCost {
    let (cycle, wideProduct) = (2 / rates.vectorsPerSecond, 1 / rates.wideVectorsPerSecond)
    return ConvCost(
      Step.allCases.map { step in
        ConvCost.Term(
          step.rawValue, idealSeconds: amount(step) * (step == .wideProduct ? wideProduct : cycle),
          factor: isWeightGradient ? Self.weightGradientCycles(step) : Self.cycles(step))
      })
  }

  /// What a step takes: fitted to forward and input gradient of all suites at seven sparsities, on a Zen 4.
  private static func cycles(_ step: Step) -> Double {
    switch step {
    case .product: 0.58
    case .wideProduct: 1.05
    case .entry: 0.27
    case .record: 6.8
    case .sum: 0.68
    case .window: 1
    case .rowSetup: 760
    case .gatherRow: 29
    case .gatherLine: 1.4
    case .gatherFour: 2.2
    case .gatherSingle: 17
    case .scatterFour: 21
    case .scatterSingle: 34
    case .scatterStrided: 41
    case .copy: 1.7
    case .sourceLine: 1.3
    case .farSourceLine: 33
    case .farDestinationLine: 3.2
    case .farEntryLine: 1.8
    }
  }

  /// The same for the weight gradient, whose micro-kernels are others. Nothing is scattered.
  private static func weightGradientCycles(_ step: Step) -> Double {
    switch step {
    case .product: 0.77
    case .wideProduct: 1.4  // a guess: no weight gradient of sixteen lanes was fitted
    case .entry: 0.54
    case .record: 16.4
    case .rowSetup: 216
    case .gatherRow: 12
    case .gatherLine: 1.3
    case .gatherFour: 3.6
    case .gatherSingle: 26
    case .sourceLine: 5.4
    case .farSourceLine: 1
    case .farDestinationLine: 1
    case .farEntryLine: 1
    case .copy: 1.7
    case .sum, .window, .scatterFour, .scatterSingle, .scatterStrided: 0
    }
  }
}
