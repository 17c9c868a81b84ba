import TensorCore

/// The dense baseline: im2col and OpenBLAS's sgemm on all weights, zeros included.
///
/// Tiles of output pixels are unfolded and multiplied one by one, small enough that the columns stay in the second-level
/// cache; a 1x1 convolution of stride 1 multiplies the input as it lies. Images too small to fill a tile are multiplied
/// together. A zero weight is multiplied like any other, so against an infinite or NaN input it gives NaN.
public struct DenseConvKernel: ConvKernel {
  /// `dense`.
  public let name = "dense"
  /// True.
  public let isDense = true

  /// Creates the kernel.
  public init() {}

  /// Always supported.
  public func support(for problem: ConvProblem) -> KernelSupport { .supported }

  /// Expands the weights to a dense matrix.
  public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    try checkBeforePreparing(problem, weights: weights)
    return PreparedDenseConv(problem, weights: weights.matrix)
  }
}

struct PreparedDenseConv: PreparedConv {
  let problem: ConvProblem
  let pattern: SparsityPattern
  let gradientPlan: GradientPlan
  private let plan: UnfoldPlan
  private(set) var weights: Tensor

  /// Images with fewer output pixels than this are multiplied together, even where a copy is the price.
  private static let smallImage = 128

  init(_ problem: ConvProblem, weights matrix: CSRMatrix) {
    self.problem = problem
    pattern = matrix.pattern
    weights = matrix.dense()
    gradientPlan = GradientPlan(problem)
    plan = Self.plan(problem)
  }

  static func plan(_ problem: ConvProblem) -> UnfoldPlan {
    let joinsImages = problem.batch > 1 && problem.outputPixels < smallImage
    return UnfoldPlan(
      problem, rowBlocks: rowBlocks(problem.outputChannelsPerGroup), tileBytes: 1 << 20, minimumTilePixels: 96,
      unfolds: !problem.isPointwise || joinsImages)
  }

  var weightByteCount: Int { weights.count * MemoryLayout<Float>.stride }

  func scratchByteCount(threadCount: Int) -> Int {
    UnfoldedConv<DenseProduct>.scratchByteCount(
      plan: plan, productScratchByteCount: sumByteCount, threadCount: threadCount)
  }

  mutating func replaceValues(_ values: [Float]) throws {
    try values.withUnsafeBufferPointer { try replaceValues($0) }
  }

  mutating func replaceValues(_ values: UnsafeBufferPointer<Float>) throws {
    precondition(
      values.count == pattern.nnz, "replaceValues: \(values.count) values, expected nnz = \(pattern.nnz)")
    let pattern = pattern
    weights.withUnsafeMutableBufferPointer { elements in
      if values.count == elements.count {
        _ = elements.update(fromContentsOf: values)
        return
      }
      for row in 0..<pattern.rows {
        for entry in pattern.entries(ofRow: row) {
          elements[row * pattern.columns + Int(pattern.columnIndices[entry])] = values[entry]
        }
      }
    }
  }

  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
  ) throws {
    try weights.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      try epilogue.run(into: output) { epilogue in
        try UnfoldedConv(
          plan: plan, product: DenseProduct(weights: weights, depth: problem.weightsPerOutputChannel), input: input,
          output: output, epilogue: epilogue, productScratchByteCount: sumByteCount, context: context
        ).run()
      }
    }
  }

  /// Sums need a place of their own only where a tile holds several images.
  private var sumByteCount: Int {
    plan.spansImages ? problem.outputChannelsPerGroup * plan.tilePixels * MemoryLayout<Float>.stride : 0
  }

  /// At most two, since sgemm copies a tile's columns anew for each.
  private static func rowBlocks(_ rows: Int) -> [Range<Int>] {
    let count = min(2, max(1, rows / 128))
    return (0..<count).map { rows * $0 / count..<rows * ($0 + 1) / count }
  }
}

private struct DenseProduct: UnfoldedProduct, @unchecked Sendable {
  let weights: UnsafePointer<Float>
  let depth: Int

  func multiply(_ part: UnfoldedPart) {
    let tile = part.tile
    let columns = tile.pixels.count
    let isDirect = tile.isInOneImage
    let sums =
      isDirect
      ? tile.address(ofChannel: part.channels.lowerBound) : part.scratch.assumingMemoryBound(to: Float.self)
    let stride = isDirect ? tile.pixelsPerImage : columns
    OpenBLAS.sgemm(
      rows: part.channels.count, columns: columns, depth: depth, weights + part.channels.lowerBound * depth,
      aStride: depth, part.columns, bStride: part.columnStride, into: sums, cStride: stride, accumulate: false)
    if !isDirect {
      tile.store(sums, rowStride: columns, channels: part.channels, epilogue: part.epilogue)
    } else if !part.epilogue.isIdentity {
      for channel in part.channels {
        let row = sums + (channel - part.channels.lowerBound) * stride
        part.epilogue.store(row, count: columns, channel: channel, into: row)
      }
    }
  }
}
