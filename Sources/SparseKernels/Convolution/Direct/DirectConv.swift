import TensorCore

/// A convolution in one of the two ways that there are: on the planes as they lie, or through a layout of lanes.
///
/// Two optionals, of which one is set, rather than an enum: an enum's payload is copied when it changes.
struct DirectConv: Sendable {
  private var inPlace: InPlaceConv?
  private var lanes: LaneConv?

  /// One image that can be read in place is; several are where their planes are aligned, since small or odd ones
  /// make better vectors together.
  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    if conv.readsInPlace, conv.batch == 1 || conv.isPointwise && conv.sourcePixels.isMultiple(of: 16) {
      inPlace = InPlaceConv(conv, weights: weights)
    } else {
      lanes = LaneConv(conv, weights: weights)
    }
  }

  var byteCount: Int { (inPlace?.byteCount ?? 0) + (lanes?.byteCount ?? 0) }

  func scratchByteCount(threadCount: Int) -> Int { lanes?.scratchByteCount(threadCount: threadCount) ?? 0 }

  mutating func replaceValues(_ weights: CSRMatrix) {
    inPlace?.replaceValues(weights)
    lanes?.replaceValues(weights)
  }

  func run(
    source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue,
    context: ComputeContext
  ) throws {
    try inPlace?.run(source: source, destination: destination, epilogue: epilogue, context: context)
    try lanes?.run(source: source, destination: destination, epilogue: epilogue, context: context)
  }
}
