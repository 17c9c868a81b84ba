extension CXSparseConvKernel {
  /// Products in double, pixel by pixel, and the windows that each pixel copies. Forward only.
  public func cost(_ query: CostQuery) -> ConvCost? {
    if query.pass != .forward { return nil }
    let (problem, rates) = (query.problem, query.rates)
    let pixels = problem.batch * problem.outputPixels
    let elements = problem.inputShape.elementCount + problem.outputShape.elementCount
    let windows = Double(pixels) * Double(problem.groups * problem.weightsPerOutputChannel)
    let share = query.share(ofParts: pixels)
    return ConvCost([
      .init(
        "product", idealSeconds: share * problem.operationCount(nnz: query.pattern.nnz) / rates.peakFlops, factor: 34),
      .init("doubles", idealSeconds: share * 4 * Double(elements) / rates.farBytesPerSecond, factor: 4.5),
      .init("windows", idealSeconds: share * windows * 1e-9, factor: 2.8),
      .init("call", idealSeconds: 1e-6, factor: 25),
    ])
  }
}
