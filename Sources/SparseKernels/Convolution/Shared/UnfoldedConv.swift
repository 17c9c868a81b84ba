import TensorCore

/// A product of weights with unfolded columns: what the `dense` and `graphblas` kernels differ in.
protocol UnfoldedProduct: Sendable {
  /// Multiplies the weights of one block of output channels with a tile's columns and stores the result.
  func multiply(_ part: UnfoldedPart) throws
}

/// One block of output channels times the columns of one tile.
struct UnfoldedPart {
  let group: Int
  /// Which of the plan's row blocks.
  let rowBlock: Int
  /// The output channels, counted through all groups.
  let channels: Range<Int>
  /// The columns: `weightsPerOutputChannel` rows of `tile.pixels.count` elements.
  let columns: UnsafePointer<Float>
  /// Elements from one row of columns to the next.
  let columnStride: Int
  let tile: OutputTile
  let epilogue: RunningEpilogue
  /// The thread, in `0..<threadCount`.
  let worker: Int
  /// The thread's own scratch, as large as the kernel asked for.
  let scratch: UnsafeMutableRawPointer
}

/// The im2col convolution: unfolds tile after tile and hands the columns to a product.
struct UnfoldedConv<Product: UnfoldedProduct> {
  let plan: UnfoldPlan
  let product: Product
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let epilogue: RunningEpilogue
  /// Bytes that the product wants for each thread.
  let productScratchByteCount: Int
  let context: ComputeContext

  /// The bytes of scratch that a call needs.
  static func scratchByteCount(plan: UnfoldPlan, productScratchByteCount: Int, threadCount: Int) -> Int {
    let copies = plan.sharesColumns ? 1 : threadCount
    return columnByteCount(plan) * copies + rounded(productScratchByteCount) * threadCount
  }

  func run() throws {
    let bytes = Self.scratchByteCount(
      plan: plan, productScratchByteCount: productScratchByteCount, threadCount: context.threadCount)
    let scratch = context.scratch(byteCount: bytes)
    let productScratch = scratch + Self.columnByteCount(plan) * (plan.sharesColumns ? 1 : context.threadCount)
    let job = TileJob(conv: self, columnScratch: scratch, productScratch: productScratch)
    if plan.sharesColumns {
      for tile in 0..<plan.tileCount {
        for group in 0..<plan.problem.groups {
          try context.run(
            UnfoldJob(conv: self, tile: tile, group: group, columns: scratch), partCount: UnfoldJob<Product>.partCount)
          try context.run(
            RowBlockJob(tileJob: job, tile: tile, group: group), partCount: plan.rowBlocks.count)
        }
      }
    } else {
      let blocks = plan.unfolds ? 1 : plan.rowBlocks.count
      try context.run(job, partCount: plan.tileCount * plan.problem.groups * blocks)
    }
  }

  fileprivate static func columnByteCount(_ plan: UnfoldPlan) -> Int {
    guard plan.unfolds else { return 0 }
    return rounded(plan.problem.weightsPerOutputChannel * plan.tilePixels * MemoryLayout<Float>.stride)
  }

  private static func rounded(_ byteCount: Int) -> Int { (byteCount + 63) & ~63 }

  fileprivate func tile(_ index: Int) -> OutputTile {
    OutputTile(
      output: output, outputChannels: plan.problem.outputChannels, pixelsPerImage: plan.problem.outputPixels,
      pixels: plan.pixels(ofTile: index))
  }

  fileprivate var productScratchStride: Int { Self.rounded(productScratchByteCount) }
}

/// Each part unfolds one tile of one group into the thread's own columns and multiplies all its rows; or, where nothing
/// is unfolded, multiplies one block of rows with the input's own planes.
private struct TileJob<Product: UnfoldedProduct>: ParallelJob {
  let conv: UnfoldedConv<Product>
  let columnScratch: UnsafeMutableRawPointer
  let productScratch: UnsafeMutableRawPointer

  func execute(index: Int, worker: Int) throws {
    let plan = conv.plan
    let problem = plan.problem
    if !plan.unfolds {
      let (rest, block) = index.quotientAndRemainder(dividingBy: plan.rowBlocks.count)
      let (tileIndex, group) = rest.quotientAndRemainder(dividingBy: problem.groups)
      let pixels = plan.pixels(ofTile: tileIndex)
      let (image, pixel) = pixels.lowerBound.quotientAndRemainder(dividingBy: problem.outputPixels)
      let channel = image * problem.inputChannels + group * problem.inputChannelsPerGroup
      try multiply(
        tile: tileIndex, group: group, rowBlock: block, columns: conv.input + channel * problem.inputPixels + pixel,
        columnStride: problem.inputPixels, worker: worker)
      return
    }
    let (tileIndex, group) = index.quotientAndRemainder(dividingBy: problem.groups)
    let pixels = plan.pixels(ofTile: tileIndex)
    let columns = (columnScratch + worker * UnfoldedConv<Product>.columnByteCount(plan))
      .assumingMemoryBound(to: Float.self)
    plan.im2col.unfold(
      conv.input, group: group, channels: 0..<problem.inputChannelsPerGroup, pixels: pixels, into: columns,
      rowStride: pixels.count)
    for block in plan.rowBlocks.indices {
      try multiply(
        tile: tileIndex, group: group, rowBlock: block, columns: columns, columnStride: pixels.count, worker: worker)
    }
  }

  func multiply(
    tile: Int, group: Int, rowBlock: Int, columns: UnsafePointer<Float>, columnStride: Int, worker: Int
  ) throws {
    let rows = conv.plan.rowBlocks[rowBlock]
    let firstChannel = group * conv.plan.problem.outputChannelsPerGroup
    try conv.product.multiply(
      UnfoldedPart(
        group: group, rowBlock: rowBlock,
        channels: firstChannel + rows.lowerBound..<firstChannel + rows.upperBound,
        columns: columns, columnStride: columnStride, tile: conv.tile(tile), epilogue: conv.epilogue, worker: worker,
        scratch: productScratch + worker * conv.productScratchStride))
  }
}

/// Each part unfolds some input channels of one tile into columns that all threads share.
private struct UnfoldJob<Product: UnfoldedProduct>: ParallelJob {
  static var partCount: Int { 8 }

  let conv: UnfoldedConv<Product>
  let tile: Int
  let group: Int
  let columns: UnsafeMutableRawPointer

  func execute(index: Int, worker: Int) {
    let problem = conv.plan.problem
    let channels = problem.inputChannelsPerGroup
    let range = channels * index / Self.partCount..<channels * (index + 1) / Self.partCount
    let pixels = conv.plan.pixels(ofTile: tile)
    let rows = range.lowerBound * problem.kernelSize.height * problem.kernelSize.width
    conv.plan.im2col.unfold(
      conv.input, group: group, channels: range, pixels: pixels,
      into: columns.assumingMemoryBound(to: Float.self) + rows * pixels.count, rowStride: pixels.count)
  }
}

/// Each part multiplies one block of rows with the shared columns.
private struct RowBlockJob<Product: UnfoldedProduct>: ParallelJob {
  let tileJob: TileJob<Product>
  let tile: Int
  let group: Int

  func execute(index: Int, worker: Int) throws {
    try tileJob.multiply(
      tile: tile, group: group, rowBlock: index, columns: tileJob.columnScratch.assumingMemoryBound(to: Float.self),
      columnStride: tileJob.conv.plan.pixels(ofTile: tile).count, worker: worker)
  }
}
