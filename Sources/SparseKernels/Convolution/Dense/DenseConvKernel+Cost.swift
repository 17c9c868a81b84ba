import TensorCore

extension DenseConvKernel {
  /// Products at the rate of the linked BLAS, and what unfolding adds.
  public func cost(_ query: CostQuery) -> ConvCost? {
    query.pass == .forward ? forwardCost(query) : gradientCost(query)
  }

  private func forwardCost(_ query: CostQuery) -> ConvCost {
    let (problem, rates) = (query.problem, query.rates)
    let plan = PreparedDenseConv.plan(problem)
    let calls = plan.tileCount * problem.groups
    let share = query.share(ofParts: calls * plan.rowBlocks.count)
    let columnBytes = plan.unfolds ? Self.columnByteCount(problem) : 0
    let isStrided = problem.stride.width > 1
    let weightBytes = 4 * Double(plan.tileCount) * Double(problem.outputChannels * problem.weightsPerOutputChannel)
    let outputBytes = 4 * Double(problem.batch * problem.outputChannels * problem.outputPixels)
    return ConvCost([
      .init("product", idealSeconds: share * problem.denseOperationCount / rates.gemmFlops, factor: 1.02),
      .init(
        "unfold", idealSeconds: isStrided ? 0 : share * columnBytes / rates.farBytesPerSecond, factor: 1.5),
      .init(
        "unfoldStrided", idealSeconds: isStrided ? share * columnBytes / rates.farBytesPerSecond : 0, factor: 16),
      // sgemm copies the weights anew for each tile.
      .init("weights", idealSeconds: share * weightBytes / rates.farBytesPerSecond, factor: 4),
      .init("output", idealSeconds: share * outputBytes / rates.farBytesPerSecond, factor: 1),
      .init(
        "farOutput",
        idealSeconds: outputBytes > CostQuery.farByteCount ? share * outputBytes / rates.farBytesPerSecond : 0,
        factor: 6.2),
      .init("sgemm", idealSeconds: share * Double(calls) * 1e-6, factor: 0.22),
      // Many small parts cost threads the way to the next.
      .init(
        "part", idealSeconds: query.threadCount > 1 ? Double(calls * plan.rowBlocks.count) * 1e-6 : 0, factor: 0.25),
      .init("call", idealSeconds: 1e-6, factor: 8),
    ])
  }

  private func gradientCost(_ query: CostQuery) -> ConvCost {
    let (problem, rates) = (query.problem, query.rates)
    let plan = GradientPlan(problem)
    let share = query.share(ofParts: problem.groups * plan.channelBlocks.count)
    let columnBytes = problem.isPointwise ? 0 : Self.columnByteCount(problem)
    let isStrided = problem.stride.width > 1
    let tiles = Double(problem.batch * ((problem.outputPixels + plan.tilePixels - 1) / plan.tilePixels))
    let weightBytes = 4 * tiles * Double(problem.outputChannels * problem.weightsPerOutputChannel)
    let calls = tiles * Double(problem.groups * plan.channelBlocks.count)
    let far = share / rates.farBytesPerSecond
    let product = ConvCost.Term(
      "product", idealSeconds: share * problem.denseOperationCount / rates.gemmFlops, factor: 1.02)
    let weights = ConvCost.Term("weights", idealSeconds: far * weightBytes, factor: 6.5)
    // Each block of input channels reads all of the output gradient.
    let gradients = ConvCost.Term(
      "gradients",
      idealSeconds: far * 4 * Double(problem.outputShape.elementCount) * Double(plan.channelBlocks.count), factor: 2)
    let sgemm = ConvCost.Term("sgemm", idealSeconds: share * calls * 1e-6, factor: 0.2)
    let call = ConvCost.Term("call", idealSeconds: 1e-6, factor: 12)
    if query.pass == .inputGradient {
      return ConvCost([
        product, weights, gradients, sgemm, call,
        .init("fold", idealSeconds: isStrided ? 0 : far * columnBytes, factor: 12.7),
        .init("foldStrided", idealSeconds: isStrided ? far * columnBytes : 0, factor: 12.5),
      ])
    }
    return ConvCost([
      product, weights, gradients, sgemm, call,
      .init("unfold", idealSeconds: isStrided ? 0 : far * columnBytes, factor: 1.5),
      .init("unfoldStrided", idealSeconds: isStrided ? far * columnBytes : 0, factor: 17),
    ])
  }

  /// The bytes of all columns that are unfolded.
  private static func columnByteCount(_ problem: ConvProblem) -> Double {
    4 * Double(problem.batch * problem.outputPixels) * Double(problem.groups * problem.weightsPerOutputChannel)
  }
}
