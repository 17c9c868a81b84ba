/// A double-precision sparse matrix that multiplies interleaved columns: what CHOLMOD and CXSparse have in common.
protocol InterleavedProduct: Sendable {
  var rows: Int { get }
  var columns: Int { get }
  var entries: CompressedDoubles { get set }

  /// Computes `output[j * rows + i] = sum over k of matrix[i][k] * input[j * columnStride + k]` for `j < count`.
  ///
  /// - Parameters:
  ///   - input: `count` columns of `columns` elements, `columnStride` apart; they may overlap.
  ///   - output: `count` columns of `rows` elements, contiguous; written, never read.
  func multiply(
    _ input: UnsafePointer<Double>, columnStride: Int, count: Int, into output: UnsafeMutablePointer<Double>
  ) throws
}

/// An SpMM by an ``InterleavedProduct``: blocks of columns are converted, multiplied, and converted back.
struct ChannelsLastSpMM<Product: InterleavedProduct>: PreparedSpMM {
  let product: Product

  var rows: Int { product.rows }
  var columns: Int { product.columns }

  func multiply(
    _ dense: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    var layout = ScratchLayout()
    _ = layout.reserve(Double.self, count: rows * ChannelsLastSpMMJob<Product>.block)
    let inputOffset = layout.byteCount
    _ = layout.reserve(Double.self, count: columns * ChannelsLastSpMMJob<Product>.block)
    let scratch = context.scratch(byteCount: layout.byteCount * context.threadCount)
    let job = ChannelsLastSpMMJob(
      product: product, dense: dense, count: count, output: output, scratch: scratch,
      workerStride: layout.byteCount, inputOffset: inputOffset)
    try context.run(
      job, partCount: (count + ChannelsLastSpMMJob<Product>.block - 1) / ChannelsLastSpMMJob<Product>.block)
  }
}

private struct ChannelsLastSpMMJob<Product: InterleavedProduct>: ParallelJob {
  static var block: Int { 16 }

  let product: Product
  let dense: UnsafePointer<Float>
  let count: Int
  let output: UnsafeMutablePointer<Float>
  let scratch: UnsafeMutableRawPointer
  let workerStride: Int
  let inputOffset: Int

  func execute(index: Int, worker: Int) throws {
    let results = (scratch + worker * workerStride).assumingMemoryBound(to: Double.self)
    let inputs = (scratch + worker * workerStride + inputOffset).assumingMemoryBound(to: Double.self)
    let first = index * Self.block
    let width = min(Self.block, count - first)
    ChannelsLast.interleave(
      planes: dense + first, planeStride: count, channels: product.columns, pixels: width, into: inputs,
      pixelStride: product.columns)
    try product.multiply(inputs, columnStride: product.columns, count: width, into: results)
    ChannelsLast.deinterleave(
      results, channels: product.rows, pixels: width, into: output + first, planeStride: count,
      epilogue: RunningEpilogue(output: output), firstChannel: 0)
  }
}
