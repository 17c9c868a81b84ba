import CMicroKernels

/// One call: where everything lies, and the three steps of a block.
struct WinogradCall {
  let plan: WinogradPlan
  let weights: WinogradMatrices
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let epilogue: RunningEpilogue
  let layout: WinogradScratch
  let scratch: UnsafeMutableRawPointer
  let threadCount: Int

  private var isa: snn_isa { InstructionSet.current.isa }

  /// The blocks of all groups of channels. The groups of a block follow one another.
  var blockCount: Int { plan.blockCount * plan.problem.groups }

  /// The tiles and the group of channels of a block.
  private func block(_ index: Int) -> (tiles: Range<Int>, group: Int) {
    let (block, group) = index.quotientAndRemainder(dividingBy: plan.problem.groups)
    return (plan.tiles(ofBlock: block), group)
  }

  private func inputElements(_ worker: Int) -> UnsafeMutablePointer<Float> {
    (scratch + layout.elementOffset(worker: worker, threadCount: threadCount)).assumingMemoryBound(to: Float.self)
  }

  private func sums(_ worker: Int) -> UnsafeMutablePointer<Float> {
    (scratch + layout.elementOffset(worker: worker, threadCount: threadCount) + layout.sumOffset)
      .assumingMemoryBound(to: Float.self)
  }

  /// Transforms the windows of some of the group's input channels.
  func transformWindows(ofBlock index: Int, channels: Range<Int>, worker: Int) {
    let (tiles, group) = block(index)
    let problem = plan.problem
    let groups = (scratch + layout.descriptionOffset(worker: worker)).assumingMemoryBound(to: snn_winograd_group.self)
    let count = plan.describeWindows(tiles, group: group, into: groups)
    withUnsafePointer(to: plan.inputLayout) { planes in
      snn_f32_winograd_window(
        isa, Int32(plan.tile.outputs), groups, count, input + channels.lowerBound * problem.inputPixels,
        problem.inputSize.width, problem.inputPixels, channels.count, planes,
        inputElements(worker) + channels.lowerBound * planes.pointee.channel_stride)
    }
  }

  /// Multiplies the elements at some positions by the weights.
  func multiply(block index: Int, positions: Range<Int>, worker: Int) {
    let (tiles, group) = block(index)
    let (rows, depth) = (plan.problem.outputChannelsPerGroup, plan.problem.inputChannelsPerGroup)
    let most = plan.productRows(tileCount: tiles.count)
    for position in positions {
      let matrix = weights[group: group, position: position]
      let inputs = inputElements(worker) + position * plan.inputLayout.position_stride
      let results = sums(worker) + position * plan.sumLayout.position_stride
      for first in stride(from: 0, to: rows, by: most) {
        // sgemm reads several rows in turns, too short for the hardware to see where they lead: deep layers wait for memory.
        snn_fetch_planes(matrix + first * depth, 0, 1, min(most, rows - first) * depth)
        OpenBLAS.sgemm(
          rows: min(most, rows - first), columns: tiles.count, depth: depth, matrix + first * depth, aStride: depth,
          inputs, bStride: plan.inputLayout.channel_stride, into: results + first * plan.sumLayout.channel_stride,
          cStride: plan.sumLayout.channel_stride, accumulate: false)
      }
    }
  }

  /// Transforms the sums of some of the group's output channels, and stores them.
  func store(block index: Int, channels: Range<Int>, worker: Int) {
    let (tiles, group) = block(index)
    let problem = plan.problem
    let descriptions = (scratch + layout.descriptionOffset(worker: worker) + layout.tileOffset)
      .assumingMemoryBound(to: snn_winograd_tile.self)
    plan.describeOutputs(tiles, group: group, into: descriptions)
    let destination = output + channels.lowerBound * problem.outputPixels
    let channel = group * problem.outputChannelsPerGroup + channels.lowerBound
    withUnsafePointer(to: epilogue.finishing(fromChannel: channel, at: destination)) { epilogue in
      withUnsafePointer(to: plan.sumLayout) { planes in
        snn_f32_winograd_output(
          isa, Int32(plan.tile.outputs), descriptions, tiles.count,
          sums(worker) + channels.lowerBound * planes.pointee.channel_stride, planes, channels.count, epilogue,
          destination, problem.outputSize.width, problem.outputPixels)
      }
    }
  }
}

/// The steps of a block.
enum WinogradStep: CaseIterable {
  case transformWindows, multiply, store
}

/// Each part is a block, from input to output.
struct WinogradBlockJob: ParallelJob {
  let call: WinogradCall

  func execute(index: Int, worker: Int) {
    let problem = call.plan.problem
    call.transformWindows(ofBlock: index, channels: 0..<problem.inputChannelsPerGroup, worker: worker)
    call.multiply(block: index, positions: 0..<call.plan.tile.positions, worker: worker)
    call.store(block: index, channels: 0..<problem.outputChannelsPerGroup, worker: worker)
  }
}

/// Each part is some channels of one step of a block, or one position.
struct WinogradStepJob: ParallelJob {
  /// Into how many parts the channels are cut.
  static let channelParts = 8

  let call: WinogradCall
  let step: WinogradStep
  /// Which block.
  let index: Int

  func execute(index part: Int, worker: Int) {
    let problem = call.plan.problem
    func channels(of count: Int) -> Range<Int> {
      count * part / Self.channelParts..<count * (part + 1) / Self.channelParts
    }
    switch step {
    case .transformWindows:
      call.transformWindows(ofBlock: index, channels: channels(of: problem.inputChannelsPerGroup), worker: worker)
    case .multiply: call.multiply(block: index, positions: part..<part + 1, worker: worker)
    case .store: call.store(block: index, channels: channels(of: problem.outputChannelsPerGroup), worker: worker)
    }
  }
}
