import TensorCore

/// The gradient of a sparse convolution's weights, at the stored positions only: an SDDMM of the output gradient and the input, in one
/// of the ways that there are.
struct WeightGradient: Sendable {
  private var positions: PositionWeightGradient?
  private var lanes: LaneWeightGradient?

  /// Blocks of rows, which the threads share.
  private static let mostBlocks = 16
  private static let leastRows = 8

  /// As many blocks as can be shared.
  static func blockCount(_ conv: ShiftedConv) -> Int {
    max(1, min(mostBlocks, conv.destinationChannels / leastRows))
  }

  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    if let chunks = PositionChunks(conv) {
      positions = PositionWeightGradient(chunks, weights: weights)
    } else {
      lanes = LaneWeightGradient(conv, weights: weights)
    }
  }

  var byteCount: Int { (positions?.byteCount ?? 0) + (lanes?.byteCount ?? 0) }

  func scratchByteCount(threadCount: Int) -> Int {
    positions?.scratchByteCount(threadCount: threadCount) ?? lanes?.scratchByteCount(threadCount: threadCount) ?? 0
  }

  /// - Parameter scratch: ``scratchByteCount(threadCount:)`` bytes on a 64-byte boundary.
  func run(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, into weightGradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, context: ComputeContext
  ) throws {
    try positions?.run(
      input: input, outputGradient: outputGradient, into: weightGradient, scratch: scratch, context: context)
    try lanes?.run(
      input: input, outputGradient: outputGradient, into: weightGradient, scratch: scratch, context: context)
  }
}
