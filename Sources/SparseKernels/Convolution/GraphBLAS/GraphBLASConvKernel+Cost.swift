#if GraphBLAS
  extension GraphBLASConvKernel {
    /// Products in float, what unfolding adds, and a library call for each tile and group. Forward only.
    public func cost(_ query: CostQuery) -> ConvCost? {
      if query.pass != .forward { return nil }
      let (problem, rates) = (query.problem, query.rates)
      let pixels = Double(problem.batch * problem.outputPixels)
      let columnBytes = 4 * pixels * Double(problem.weightsPerOutputChannel)
      let outputBytes = 4 * Double(problem.outputShape.elementCount)
      let tiles = max(1, columnBytes / 0x1p20)
      let share = query.share(ofParts: Int(tiles) * problem.groups)
      let far = share / rates.farBytesPerSecond
      let isStrided = problem.stride.width > 1
      return ConvCost([
        .init(
          "product", idealSeconds: share * problem.operationCount(nnz: query.pattern.nnz) / rates.peakFlops,
          factor: 5.8),
        .init("unfold", idealSeconds: isStrided ? 0 : far * columnBytes * Double(problem.groups), factor: 1.9),
        .init("unfoldStrided", idealSeconds: isStrided ? far * columnBytes * Double(problem.groups) : 0, factor: 13),
        .init("output", idealSeconds: far * outputBytes, factor: 3.3),
        .init("farOutput", idealSeconds: outputBytes > CostQuery.farByteCount ? far * outputBytes : 0, factor: 4.4),
        .init("mxm", idealSeconds: share * tiles * Double(problem.groups) * 1e-6, factor: 1.8),
        .init("call", idealSeconds: 1e-6, factor: 9),
      ])
    }
  }
#endif
