import TensorCore

/// How the gradients of an im2col convolution are cut: blocks of input channels, which the threads share, and tiles of output
/// pixels, one after the other.
///
/// The cut depends on the problem alone, so that sums do not depend on the number of threads.
struct GradientPlan: Sendable {
  let problem: ConvProblem
  let im2col: Im2col
  /// Blocks of the input channels of one group, in order.
  let channelBlocks: [Range<Int>]
  /// Output pixels of one tile, within one image.
  let tilePixels: Int

  /// The bytes of columns that a tile should have, so that they stay in the second-level cache.
  private static let tileBytes = 512 << 10
  private static let leastChannels = 16
  private static let mostBlocks = 8

  init(_ problem: ConvProblem) {
    self.problem = problem
    im2col = Im2col(problem)
    let channels = problem.inputChannelsPerGroup
    let blockCount = min(Self.mostBlocks, max(1, channels / Self.leastChannels))
    channelBlocks = (0..<blockCount).map { channels * $0 / blockCount..<channels * ($0 + 1) / blockCount }
    let rows = (channels + blockCount - 1) / blockCount * problem.kernelSize.height * problem.kernelSize.width
    let fitting = Self.tileBytes / (rows * MemoryLayout<Float>.stride) & ~15
    tilePixels = problem.isPointwise ? problem.outputPixels : min(problem.outputPixels, max(64, fitting))
  }

  /// Weights of one input channel for one output channel.
  var taps: Int { problem.kernelSize.height * problem.kernelSize.width }

  /// The columns of the weight matrix that belong to a block.
  func weightColumns(of block: Range<Int>) -> Range<Int> { block.lowerBound * taps..<block.upperBound * taps }

  /// Floats of a tile's columns; none where the planes are the columns.
  var tileElementCount: Int { problem.isPointwise ? 0 : largestBlock * taps * tilePixels }

  /// Floats of the weight gradient of a block, zeros included.
  var weightBlockElementCount: Int { problem.outputChannelsPerGroup * largestBlock * taps }

  private var largestBlock: Int { channelBlocks.reduce(0) { max($0, $1.count) } }

  /// Calls `body` with each tile of an image's output pixels.
  func forEachTile(_ body: (Range<Int>) -> Void) {
    for first in stride(from: 0, to: problem.outputPixels, by: tilePixels) {
      body(first..<min(first + tilePixels, problem.outputPixels))
    }
  }
}
