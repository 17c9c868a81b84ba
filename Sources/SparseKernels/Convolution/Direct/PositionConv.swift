import CMicroKernels
import TensorCore

/// A convolution that is pointwise by position, with strides: a chunk of positions at a time is brought together, multiplied in place,
/// and its sums stored to where they belong, one whole plane after the other.
///
/// Memory is what such a layer waits for. It is read and written in the order in which it lies, and what is too large for a cache is
/// stored past it.
struct PositionConv: Sendable {
  private let chunks: PositionChunks
  private var product: InPlaceProduct
  private let storesPastCache: Bool

  /// - Parameter storesPastCache: nil to tell by the size of the destination.
  init(_ chunks: PositionChunks, weights: CSRMatrix, storesPastCache: Bool? = nil) {
    self.chunks = chunks
    product = InPlaceProduct(chunks.product, plan: Self.plan(chunks, pattern: weights.pattern), weights: weights)
    self.storesPastCache = storesPastCache ?? Self.storesPastCache(chunks)
  }

  /// Whether no cache holds all destinations.
  private static func storesPastCache(_ chunks: PositionChunks) -> Bool {
    Double(chunks.destinationByteCount) > CostQuery.farByteCount
  }

  /// Whether sums are made apart from destinations.
  static func holdsSums(_ chunks: PositionChunks) -> Bool { chunks.hasDestinationStride || storesPastCache(chunks) }

  static func plan(_ chunks: PositionChunks, pattern: SparsityPattern) -> InPlacePlan {
    InPlacePlan(
      chunks.product, pattern: pattern, channelStride: chunks.sourceStride, mostRows: chunks.mostRows)
  }

  var byteCount: Int { product.byteCount }

  mutating func replaceValues(_ weights: CSRMatrix) { product.replaceValues(weights) }

  /// A copy of a chunk, and sums, for each thread that has a part.
  func scratchByteCount(threadCount: Int) -> Int {
    sliceByteCount * min(threadCount, chunks.count * rowParts(threadCount: threadCount))
  }

  private var sliceByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: chunks.copyElementCount)
    _ = layout.reserve(Float.self, count: sumElementCount)
    return layout.byteCount
  }

  private var sumElementCount: Int {
    let rows = product.plan.rowBlocks.reduce(0) { max($0, $1.count) }
    return chunks.hasDestinationStride || storesPastCache ? rows * chunks.positionCount : 0
  }

  private func rowParts(threadCount: Int) -> Int {
    RowParts.count(others: chunks.count, threadCount: threadCount, most: product.plan.rowBlocks.count)
  }

  func run(
    source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue,
    context: ComputeContext
  ) throws {
    precondition(!chunks.hasDestinationStride || epilogue.isIdentity, "PositionConv: gradients have no epilogue")
    let rowParts = rowParts(threadCount: context.threadCount)
    let partCount = chunks.count * rowParts
    let job = PositionJob(
      chunks: chunks, product: product, source: source, destination: destination, epilogue: epilogue,
      storesPastCache: storesPastCache,
      scratch: context.scratch(byteCount: scratchByteCount(threadCount: context.threadCount)),
      sliceByteCount: sliceByteCount, rowParts: rowParts,
      hasSlicePerPart: partCount <= context.threadCount)
    try context.run(job, partCount: partCount)
  }
}

/// Each part computes a chunk for some blocks of destination channels, from a copy of its own; see ``LaneConv``.
private struct PositionJob: ParallelJob {
  let chunks: PositionChunks
  let product: InPlaceProduct
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  let epilogue: RunningEpilogue
  let storesPastCache: Bool
  let scratch: UnsafeMutableRawPointer
  let sliceByteCount: Int
  let rowParts: Int
  /// Whether there are no more parts than slices of scratch; if not, each thread has a slice.
  let hasSlicePerPart: Bool

  func execute(index: Int, worker: Int) {
    let (chunk, part) = index.quotientAndRemainder(dividingBy: rowParts)
    let blocks = RowParts.blocks(part, of: rowParts, blockCount: product.plan.rowBlocks.count)
    var slice = ScratchLayout()
    let memory = scratch + (hasSlicePerPart ? index : worker) * sliceByteCount
    let copy = (memory + slice.reserve(Float.self, count: chunks.copyElementCount)).assumingMemoryBound(to: Float.self)
    let sums = (memory + slice.byteCount).assumingMemoryBound(to: Float.self)
    let planes = chunks.sources(ofChunk: chunk, of: source, copy: copy)
    // A residual lies where the output does, so sums that wait for it are made there.
    let holdsSums = chunks.hasDestinationStride || storesPastCache && epilogue.residual == nil
    for block in blocks {
      if holdsSums {
        let rows = product.plan.rowBlocks[block]
        multiply(
          block, source: planes, destination: sums - rows.lowerBound * chunks.positionCount,
          destinationStride: chunks.positionCount)
        for row in rows { store(row, of: chunk, from: sums + (row - rows.lowerBound) * chunks.positionCount) }
      } else {
        multiply(
          block, source: planes, destination: destination + chunks.destinationOffset(ofChunk: chunk),
          destinationStride: chunks.conv.destinationPixels)
      }
    }
    if storesPastCache { snn_stream_fence() }
  }

  private func multiply(
    _ block: Int, source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, destinationStride: Int
  ) {
    for tile in product.plan.tiles {
      product.multiply(
        tile, rowBlocks: block..<block + 1, source: source, destination: destination,
        destinationStride: destinationStride, epilogue: epilogue)
    }
  }

  private func store(_ row: Int, of chunk: Int, from sums: UnsafePointer<Float>) {
    let plane = destination + chunks.destinationOffset(ofChunk: chunk) + row * chunks.conv.destinationPixels
    if chunks.hasDestinationStride {
      chunks.spread(chunk: chunk, sums: sums, into: plane, pastCache: storesPastCache)
    } else {
      snn_f32_stream(sums, chunks.positionCount, plane)
    }
  }
}
