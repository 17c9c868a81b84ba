import TensorCore

/// A convolution of stride 1 without padding on the planes as they are: nothing is laid out and sums stay in the output.
struct InPlaceConv: Sendable {
  private var product: InPlaceProduct

  /// - Precondition: `conv.readsInPlace`.
  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    product = InPlaceProduct(conv, plan: InPlacePlan(conv, pattern: weights.pattern), weights: weights)
  }

  var byteCount: Int { product.byteCount }

  mutating func replaceValues(_ weights: CSRMatrix) { product.replaceValues(weights) }

  func run(
    source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue,
    context: ComputeContext
  ) throws {
    let plan = product.plan
    let runCount = product.conv.batch * plan.tileRuns.count
    let rowParts = RowParts.count(
      others: runCount, threadCount: context.threadCount, most: plan.rowBlocks.count)
    let job = InPlaceJob(
      product: product, source: source, destination: destination, epilogue: epilogue, rowParts: rowParts)
    try context.run(job, partCount: runCount * rowParts)
  }
}

/// Each part computes a run of tiles of one image for some row blocks.
private struct InPlaceJob: ParallelJob {
  let product: InPlaceProduct
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  let epilogue: RunningEpilogue
  let rowParts: Int

  func execute(index: Int, worker: Int) {
    let (conv, plan) = (product.conv, product.plan)
    let (rest, part) = index.quotientAndRemainder(dividingBy: rowParts)
    let (image, run) = rest.quotientAndRemainder(dividingBy: plan.tileRuns.count)
    let blocks = RowParts.blocks(part, of: rowParts, blockCount: plan.rowBlocks.count)
    for tile in plan.tileRuns[run] {
      product.multiply(
        plan.tiles[tile], rowBlocks: blocks, source: source + image * conv.sourceChannels * conv.sourcePixels,
        destination: destination + image * conv.destinationChannels * conv.destinationPixels,
        destinationStride: conv.destinationPixels, epilogue: epilogue)
    }
  }
}
