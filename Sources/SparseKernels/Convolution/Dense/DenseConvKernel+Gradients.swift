import TensorCore

// The gradients by sgemm on all weights, zeros included, of which those at the stored positions are kept.
extension PreparedDenseConv: ConvGradients {
  var gradients: (any ConvGradients)? { self }

  var nnz: Int { pattern.nnz }

  func gradientScratchByteCount(threadCount: Int) -> Int {
    gradientSliceByteCount * threadCount
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    let scratch = context.scratch(byteCount: gradientScratchByteCount(threadCount: context.threadCount))
    try weights.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      let job = InputGradientJob(
        plan: gradientPlan, weights: weights, outputGradient: outputGradient, inputGradient: inputGradient,
        scratch: scratch, sliceByteCount: gradientSliceByteCount)
      try context.run(job, partCount: problem.batch * problem.groups * gradientPlan.channelBlocks.count)
    }
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    into weightGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    let scratch = context.scratch(byteCount: gradientScratchByteCount(threadCount: context.threadCount))
    let job = WeightGradientJob(
      plan: gradientPlan, pattern: pattern, input: input, outputGradient: outputGradient,
      weightGradient: weightGradient, scratch: scratch, sliceByteCount: gradientSliceByteCount)
    try context.run(job, partCount: problem.groups * gradientPlan.channelBlocks.count)
  }

  /// A thread's columns, and behind them its block of the weight gradient.
  private var gradientSliceByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: gradientPlan.tileElementCount)
    _ = layout.reserve(Float.self, count: gradientPlan.weightBlockElementCount)
    return layout.byteCount
  }
}

/// Each part computes the input gradient of a block of one image's channels: the transposed weights times the output gradient
/// are columns, which are folded back.
private struct InputGradientJob: ParallelJob {
  let plan: GradientPlan
  let weights: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let inputGradient: UnsafeMutablePointer<Float>
  let scratch: UnsafeMutableRawPointer
  let sliceByteCount: Int

  func execute(index: Int, worker: Int) {
    let problem = plan.problem
    let (rest, blockIndex) = index.quotientAndRemainder(dividingBy: plan.channelBlocks.count)
    let (image, group) = rest.quotientAndRemainder(dividingBy: problem.groups)
    let block = plan.channelBlocks[blockIndex]
    let (depth, width) = (problem.outputChannelsPerGroup, problem.weightsPerOutputChannel)
    let channel = image * problem.inputChannels + group * problem.inputChannelsPerGroup + block.lowerBound
    let planes = inputGradient + channel * problem.inputPixels
    let gradient = outputGradient + (image * problem.outputChannels + group * depth) * problem.outputPixels
    let columns = (scratch + worker * sliceByteCount).assumingMemoryBound(to: Float.self)
    let rows = plan.weightColumns(of: block)
    if !problem.isPointwise { planes.update(repeating: 0, count: block.count * problem.inputPixels) }
    plan.forEachTile { pixels in
      OpenBLAS.sgemm(
        rows: rows.count, columns: pixels.count, depth: depth, weights + group * depth * width + rows.lowerBound,
        aStride: width, transposeA: true, gradient + pixels.lowerBound, bStride: problem.outputPixels,
        into: problem.isPointwise ? planes : columns, cStride: pixels.count, accumulate: false)
      if !problem.isPointwise {
        plan.im2col.fold(columns, channelCount: block.count, pixels: pixels, addingTo: planes)
      }
    }
  }
}

/// Each part computes the weight gradient of a block of input channels: the output gradient times the transposed columns, over
/// all images.
private struct WeightGradientJob: ParallelJob {
  let plan: GradientPlan
  let pattern: SparsityPattern
  let input: UnsafePointer<Float>
  let outputGradient: UnsafePointer<Float>
  let weightGradient: UnsafeMutablePointer<Float>
  let scratch: UnsafeMutableRawPointer
  let sliceByteCount: Int

  func execute(index: Int, worker: Int) {
    let problem = plan.problem
    let (group, blockIndex) = index.quotientAndRemainder(dividingBy: plan.channelBlocks.count)
    let block = plan.channelBlocks[blockIndex]
    let rows = problem.outputChannelsPerGroup
    let depth = plan.weightColumns(of: block).count
    var layout = ScratchLayout()
    let slice = scratch + worker * sliceByteCount
    let columns = (slice + layout.reserve(Float.self, count: plan.tileElementCount))
      .assumingMemoryBound(to: Float.self)
    let dense = (slice + layout.reserve(Float.self, count: plan.weightBlockElementCount))
      .assumingMemoryBound(to: Float.self)
    for image in 0..<problem.batch {
      let gradient = outputGradient + (image * problem.outputChannels + group * rows) * problem.outputPixels
      let firstChannel = image * problem.inputChannels + group * problem.inputChannelsPerGroup + block.lowerBound
      plan.forEachTile { pixels in
        let first = image * problem.outputPixels
        if !problem.isPointwise {
          plan.im2col.unfold(
            input, group: group, channels: block, pixels: first + pixels.lowerBound..<first + pixels.upperBound,
            into: columns, rowStride: pixels.count)
        }
        OpenBLAS.sgemm(
          rows: rows, columns: depth, depth: pixels.count, gradient + pixels.lowerBound, aStride: problem.outputPixels,
          problem.isPointwise ? input + firstChannel * problem.inputPixels : UnsafePointer(columns),
          bStride: pixels.count, transposeB: true, into: dense, cStride: depth,
          accumulate: image > 0 || pixels.lowerBound > 0)
      }
    }
    keepStored(dense, group: group, columns: plan.weightColumns(of: block))
  }

  /// Copies the elements at the stored positions.
  private func keepStored(_ dense: UnsafePointer<Float>, group: Int, columns: Range<Int>) {
    let rows = plan.problem.outputChannelsPerGroup
    for row in 0..<rows {
      let line = dense + row * columns.count - columns.lowerBound
      let first = pattern.firstEntry(ofRow: group * rows + row, from: columns.lowerBound)
      let end = pattern.firstEntry(ofRow: group * rows + row, from: columns.upperBound)
      for entry in first..<end { weightGradient[entry] = line[Int(pattern.columnIndices[entry])] }
    }
  }
}
