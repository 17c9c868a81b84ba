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
      for conv in ShiftedConv.inputGradient(problem) { work.add(conv, pattern: transposed, threadCount: threadCount) }
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
    case .product: 0.53
    case .wideProduct: 1.06
    case .entry: 0.5
    case .record: 5
    case .sum: 0.95
    case .window: 0.1
    case .rowSetup: 370
    case .gatherRow: 14.5
    case .gatherLine: 2.7
    case .gatherFour: 3.5
    case .gatherSingle: 17
    case .scatterFour: 20
    case .scatterSingle: 20
    case .scatterStrided: 41
    case .copy: 0.7
    case .sourceLine: 2
    }
  }

  /// The same for the weight gradient, whose micro-kernels are others. Nothing is scattered or copied.
  private static func weightGradientCycles(_ step: Step) -> Double {
    switch step {
    case .product: 0.77
    case .entry: 0.54
    case .record: 16.4
    case .rowSetup: 216
    case .gatherRow: 12
    case .gatherLine: 1.3
    case .gatherFour: 3.6
    case .gatherSingle: 26
    case .sourceLine: 5.4
    case .wideProduct, .sum, .window, .scatterFour, .scatterSingle, .scatterStrided, .copy: 0
    }
  }
}
