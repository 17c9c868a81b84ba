import CMicroKernels
import TensorCore

/// The gradient of a sparse convolution's weights, at the stored positions only: an SDDMM of the output gradient and the input.
///
/// Either way round: as products of the output gradient with the inputs that the convolution reads for it, or, transposed, of the
/// input with the output gradients that its own gradient reads.
struct WeightGradient: Sendable {
  private let layout: any ProductLayout
  let weights: PackedProducts
  private let isTransposed: Bool

  /// Blocks of rows, which the threads share.
  private static let mostBlocks = 16
  private static let leastRows = 8

  /// As many blocks as can be shared.
  static func blockCount(_ conv: ShiftedConv) -> Int {
    max(1, min(mostBlocks, conv.destinationChannels / leastRows))
  }

  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    if let chunks = PositionChunks(conv) {
      layout = PositionProducts(chunks, nnz: weights.pattern.nnz)
    } else {
      layout = LaneProducts(conv, pattern: weights.pattern)
    }
    self.weights = PackedProducts(weights, conv: conv, layout: layout, blockCount: Self.blockCount(conv))
    isTransposed = false
  }

  /// The transposed way, through lanes.
  ///
  /// - Parameter entrySources: for each entry of the transposed weights, which of the weights it is.
  init(_ layout: LaneProducts, transposed: CSRMatrix, entrySources: [Int32]) {
    self.layout = layout
    let conv = layout.plan.layout.conv
    weights = PackedProducts(
      transposed, conv: conv, layout: layout, blockCount: Self.blockCount(conv), entrySources: entrySources)
    isTransposed = true
  }

  var byteCount: Int { weights.byteCount }

  /// Sums in the order of the packed weights, and a slice for each thread.
  func scratchByteCount(threadCount: Int) -> Int {
    weights.sumByteCount + layout.sliceByteCount * min(threadCount, weights.rowBlocks.count)
  }

  /// - Parameter scratch: ``scratchByteCount(threadCount:)`` bytes on a 64-byte boundary.
  func run(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, into weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, context: ComputeContext
  ) throws {
    let partCount = min(context.threadCount, weights.rowBlocks.count)
    let operands =
      isTransposed
      ? ProductOperands(sources: outputGradient, destinations: input)
      : ProductOperands(sources: input, destinations: outputGradient)
    let job = ProductsJob(
      layout: layout, weights: weights, operands: operands, weightGradient: weightGradient,
      sums: scratch.assumingMemoryBound(to: Float.self), slices: scratch + weights.sumByteCount, partCount: partCount)
    try context.run(job, partCount: partCount)
  }
}

/// How the operands of a weight gradient lie where they are multiplied.
protocol ProductLayout: Sendable {
  /// Floats of a vector.
  var lanes: Int { get }
  /// How weights are cut into blocks, and where each reads.
  var channelsPerBlock: Int { get }
  var channelStride: Int { get }
  var tapOffsets: [Int] { get }
  /// Scratch memory of a thread.
  var sliceByteCount: Int { get }

  /// Adds the products of the destinations of some row blocks with the sources that they read.
  ///
  /// - Parameters:
  ///   - sums: those of all weights.
  ///   - slice: ``sliceByteCount`` bytes on a 64-byte boundary.
  func addProducts(
    of rowBlocks: Range<Int>, weights: PackedProducts, operands: ProductOperands,
    to sums: UnsafeMutablePointer<Float>, slice: UnsafeMutableRawPointer)
}

/// What is multiplied: the sources of a ``ShiftedConv`` and its destinations, as if they were its gradient.
struct ProductOperands {
  let sources: UnsafePointer<Float>
  let destinations: UnsafePointer<Float>
}

/// Weights as SDDMMs read them, and where in the matrix their sums belong.
struct PackedProducts: Sendable {
  let rowBlocks: [Range<Int>]
  private let packed: PackedEntries
  /// ``PackedEntries/positions(_:)``
  private let positions: [UInt32]
  /// For each entry of the matrix, which element of the gradient is its own; nil where they are in the same order.
  private let entrySources: [Int32]?
  private let kernels: SDDMMKernels

  init(
    _ weights: CSRMatrix, conv: ShiftedConv, layout: any ProductLayout, blockCount: Int, entrySources: [Int32]? = nil
  ) {
    self.entrySources = entrySources
    kernels = .with(lanes: layout.lanes)
    rowBlocks = weights.pattern.balancedRowBlocks(count: blockCount)
    packed = PackedEntries(
      weights, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: rowBlocks, channelsPerBlock: layout.channelsPerBlock, channelStride: layout.channelStride,
        tapOffsets: layout.tapOffsets))
    positions = packed.positions(weights.pattern)
  }

  var byteCount: Int { packed.byteCount + positions.count * MemoryLayout<UInt32>.stride }

  var sumByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: packed.entries.count)
    return layout.byteCount
  }

  var isa: snn_isa { kernels.isa.isa }

  /// The rows of some row blocks.
  func rows(of blocks: Range<Int>) -> Range<Int> {
    rowBlocks[blocks.lowerBound].lowerBound..<rowBlocks[blocks.upperBound - 1].upperBound
  }

  func clear(_ blocks: Range<Int>, of sums: UnsafeMutablePointer<Float>) { packed.clear(rowBlocks: blocks, of: sums) }

  /// Adds the products of a tile.
  ///
  /// - Parameter place: whose `g` is that of destination channel 0.
  func add(
    _ blocks: Range<Int>, tile: TileCut.Tile, place: snn_sddmm_tile, to sums: UnsafeMutablePointer<Float>
  ) {
    packed.addProducts(rowBlocks: blocks, tile: tile, place: place, to: sums, with: kernels)
  }

  func unpack(_ blocks: Range<Int>, of sums: UnsafePointer<Float>, into values: UnsafeMutablePointer<Float>) {
    packed.forEachRun(ofRowBlocks: blocks, positions: positions) { entries, position in
      if let entrySources {
        for (index, entry) in entries.enumerated() { values[Int(entrySources[position + index])] = sums[entry] }
      } else {
        (values + position).update(from: sums + entries.lowerBound, count: entries.count)
      }
    }
  }
}

/// Each part computes the gradient of some blocks of rows, over all destinations. How many parts there are changes no sum.
private struct ProductsJob: ParallelJob {
  let layout: any ProductLayout
  let weights: PackedProducts
  let operands: ProductOperands
  let weightGradient: UnsafeMutablePointer<Float>
  let sums: UnsafeMutablePointer<Float>
  let slices: UnsafeMutableRawPointer
  let partCount: Int

  func execute(index: Int, worker: Int) {
    let blocks = RowParts.blocks(index, of: partCount, blockCount: weights.rowBlocks.count)
    weights.clear(blocks, of: sums)
    layout.addProducts(
      of: blocks, weights: weights, operands: operands, to: sums,
      slice: slices + index * layout.sliceByteCount)
    weights.unpack(blocks, of: sums, into: weightGradient)
  }
}
