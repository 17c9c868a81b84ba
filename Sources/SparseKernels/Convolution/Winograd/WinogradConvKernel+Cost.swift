extension WinogradConvKernel {
  /// Products at the rate of the linked BLAS, the two transforms, and the weights that each block reads anew. Forward only.
  public func cost(_ query: CostQuery) -> ConvCost? {
    if query.pass != .forward { return nil }
    let (problem, rates) = (query.problem, query.rates)
    let plan = WinogradPlan(problem)
    let positions = plan.tile.positions
    let (inputs, outputs) = (problem.inputChannelsPerGroup, problem.outputChannelsPerGroup)
    let blocks = plan.blockCount * problem.groups
    // The parts are blocks, or positions of a block.
    let share = query.share(ofParts: plan.sharesBlocks ? positions : blocks)
    let (tiles, products) = (plan.transformedTiles, plan.multipliedTiles)
    let operations = 2 * Double(positions * products) * Double(problem.groups * inputs * outputs)
    let weightBytes = 4 * Double(blocks * positions * inputs * outputs)
    let elementBytes = 4 * Double(positions * tiles * problem.groups)
    let planeBytes = 4 * Double(problem.inputShape.elementCount + problem.outputShape.elementCount)
    let (near, far) = (share / rates.nearBytesPerSecond, share / rates.farBytesPerSecond)
    let calls = plan.callCount * positions * problem.groups
    return ConvCost([
      .init("product", idealSeconds: share * operations / rates.gemmFlops, factor: 1),
      .init("windows", idealSeconds: near * elementBytes * Double(inputs), factor: 1),
      .init("outputs", idealSeconds: near * elementBytes * Double(outputs), factor: 1),
      .init("weights", idealSeconds: far * weightBytes, factor: 1),
      .init("planes", idealSeconds: far * planeBytes, factor: 1),
      .init("sgemm", idealSeconds: share * Double(calls) * 1e-6, factor: 1),
      .init("call", idealSeconds: 1e-6, factor: 1),
    ])
  }
}

extension WinogradPlan {
  /// Tiles that are transformed: vectors of eight.
  fileprivate var transformedTiles: Int { sumOverBlocks { ($0 + 7) / 8 * 8 } }

  /// Columns of all products, in the vectors of sixteen that sgemm computes.
  fileprivate var multipliedTiles: Int { sumOverBlocks { ($0 + 15) / 16 * 16 } }

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
