#if CHOLMOD
  extension CHOLMODConvKernel {
    /// Products in double, each image made wide and put back. Forward only.
    public func cost(_ query: CostQuery) -> ConvCost? {
      if query.pass != .forward { return nil }
      let (problem, rates) = (query.problem, query.rates)
      let elements = problem.inputShape.elementCount + problem.outputShape.elementCount
      let share = query.share(ofParts: problem.batch)
      return ConvCost([
        .init(
          "product", idealSeconds: share * problem.operationCount(nnz: query.pattern.nnz) / rates.peakFlops,
          factor: 14.5),
        .init("doubles", idealSeconds: share * 4 * Double(elements) / rates.farBytesPerSecond, factor: 28),
        .init("group", idealSeconds: share * Double(problem.groups * problem.batch) * 1e-6, factor: 1.8),
        .init("call", idealSeconds: 1e-6, factor: 6.7),
      ])
    }
  }
#endif
