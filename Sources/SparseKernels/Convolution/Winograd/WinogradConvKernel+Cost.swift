extension WinogradConvKernel {
  /// Products at the rate of the linked BLAS, the two transforms, and what comes from memory. Forward only.
  public func cost(_ query: CostQuery) -> ConvCost? {
    if query.pass != .forward { return nil }
    let (problem, rates) = (query.problem, query.rates)
    let plan = WinogradPlan(problem)
    let positions = plan.tile.positions
    let (inputs, outputs) = (problem.inputChannelsPerGroup, problem.outputChannelsPerGroup)
    let blocks = plan.blockCount * problem.groups
    // The parts are blocks, or positions of a block.
    let share = query.share(ofParts: plan.sharesBlocks ? positions : blocks)
    let operations = 2 * Double(positions * plan.multipliedTiles) * Double(problem.groups * inputs * outputs)
    let transformed = Double(positions * plan.transformedTiles / 8) * Double(problem.groups * (inputs + outputs))
    let weightBytes = 4 * Double(problem.groups * positions * inputs * outputs)
    let planeBytes = 4 * Double(problem.inputShape.elementCount + problem.outputShape.elementCount)
    let calls = plan.callCount * positions * problem.groups
    let far = share / rates.farBytesPerSecond
    return ConvCost([
      .init("product", idealSeconds: share * operations / rates.gemmFlops, factor: 1.13),
      .init("transforms", idealSeconds: share * transformed / rates.vectorsPerSecond, factor: 7.4),
      // Each block reads them again.
      .init(
        "farWeights",
        idealSeconds: weightBytes > 2 * CostQuery.farByteCount ? far * Double(plan.blockCount) * weightBytes : 0,
        factor: 3.6),
      .init("farPlanes", idealSeconds: planeBytes > CostQuery.farByteCount ? far * planeBytes : 0, factor: 6),
      .init("tile", idealSeconds: share * Double(blocks * plan.blockTileCount) * 1e-6, factor: 0.014),
      .init("sgemm", idealSeconds: share * Double(calls) * 1e-6, factor: 0.023),
      .init("call", idealSeconds: 1e-6, factor: 1),
    ])
  }
}

extension WinogradPlan {
  /// Tiles that are transformed: vectors of eight.
  fileprivate var transformedTiles: Int { sumOverBlocks { ($0 + 7) / 8 * 8 } }

  /// Columns of all products; sgemm takes a few together.
  fileprivate var multipliedTiles: Int { sumOverBlocks { ($0 + 3) / 4 * 4 } }

  /// Calls of sgemm for a position.
  fileprivate var callCount: Int {
    let rows = problem.outputChannelsPerGroup
    return sumOverBlocks { tiles in
      let most = productRows(tileCount: tiles)
      return (rows + most - 1) / most
    }
  }

  /// The sum of what the blocks of one group have, by their number of tiles.
  private func sumOverBlocks(_ amount: (Int) -> Int) -> Int {
    (blockCount - 1) * amount(blockTileCount) + amount(tiles(ofBlock: blockCount - 1).count)
  }
}
