import CMicroKernels
import TensorCore

/// Transformed weights, and the plan of what is done with them.
struct PreparedWinogradConv: PreparedConv {
  let plan: WinogradPlan
  private var weights: WinogradWeights

  init(_ plan: WinogradPlan, weights matrix: CSRMatrix) {
    self.plan = plan
    weights = WinogradWeights(plan.problem, tile: plan.tile, weights: matrix)
  }

  var problem: ConvProblem { plan.problem }
  var errorGrowth: Float { plan.tile.errorGrowth }
  var weightByteCount: Int { weights.byteCount }

  func scratchByteCount(threadCount: Int) -> Int {
    WinogradScratch(plan).byteCount(threadCount: threadCount)
  }

  mutating func replaceValues(_ values: [Float]) throws { weights.replaceValues(values) }

  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
  ) throws {
    let layout = WinogradScratch(plan)
    let scratch = context.scratch(byteCount: layout.byteCount(threadCount: context.threadCount))
    try weights.withMatrices { weights in
      try epilogue.run(into: output) { epilogue in
        let call = WinogradCall(
          plan: plan, weights: weights, input: input, output: output, epilogue: epilogue, layout: layout,
          scratch: scratch, threadCount: context.threadCount)
        if plan.sharesBlocks && context.threadCount > 1 {
          for index in 0..<call.blockCount { try runShared(call, index: index, context: context) }
        } else {
          try context.run(WinogradBlockJob(call: call), partCount: call.blockCount)
        }
      }
    }
  }

  /// One block by all threads: what each of the three steps does to a channel or a position is independent.
  private func runShared(_ call: WinogradCall, index: Int, context: ComputeContext) throws {
    for step in WinogradStep.allCases {
      let job = WinogradStepJob(call: call, step: step, index: index)
      try context.run(job, partCount: step == .multiply ? plan.tile.positions : WinogradStepJob.channelParts)
    }
  }
}

/// Where the scratch memory of a call lies: descriptions of tiles for each worker, and elements of a block's inputs and sums, for
/// each worker or for all.
struct WinogradScratch: Sendable {
  private let sharesBlocks: Bool
  let tileOffset: Int
  private let descriptionByteCount: Int
  let sumOffset: Int
  private let elementByteCount: Int

  init(_ plan: WinogradPlan) {
    sharesBlocks = plan.sharesBlocks
    var descriptions = ScratchLayout()
    _ = descriptions.reserve(snn_winograd_group.self, count: plan.groupCount)
    tileOffset = descriptions.reserve(snn_winograd_tile.self, count: plan.blockTileCount)
    descriptionByteCount = descriptions.byteCount
    var elements = ScratchLayout()
    _ = elements.reserve(Float.self, count: plan.inputElementCount)
    sumOffset = elements.reserve(Float.self, count: plan.sumElementCount)
    elementByteCount = elements.byteCount
  }

  func byteCount(threadCount: Int) -> Int {
    threadCount * descriptionByteCount + (sharesBlocks ? 1 : threadCount) * elementByteCount
  }

  /// Where a worker's descriptions begin.
  func descriptionOffset(worker: Int) -> Int { worker * descriptionByteCount }

  /// Where the elements that a worker uses begin.
  func elementOffset(worker: Int, threadCount: Int) -> Int {
    threadCount * descriptionByteCount + (sharesBlocks ? 0 : worker) * elementByteCount
  }
}
