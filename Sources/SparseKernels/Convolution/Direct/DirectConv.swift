import TensorCore

/// A convolution in one of the ways that there are; see ``DirectWay``.
///
/// Optionals, of which one is set, rather than an enum: an enum's payload is copied when it changes.
struct DirectConv: Sendable {
  private var inPlace: InPlaceConv?
  private var positions: PositionConv?
  private(set) var lanes: LaneConv?

  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    switch DirectWay(conv) {
    case .inPlace: inPlace = InPlaceConv(conv, weights: weights)
    case .positions(let chunks): positions = PositionConv(chunks, weights: weights)
    case .lanes: lanes = LaneConv(conv, weights: weights)
    }
  }

  init(_ lanes: LaneConv) { self.lanes = lanes }

  var byteCount: Int { (inPlace?.byteCount ?? 0) + (positions?.byteCount ?? 0) + (lanes?.byteCount ?? 0) }

  func scratchByteCount(threadCount: Int) -> Int {
    positions?.scratchByteCount(threadCount: threadCount) ?? lanes?.scratchByteCount(threadCount: threadCount) ?? 0
  }

  mutating func replaceValues(_ weights: CSRMatrix) {
    inPlace?.replaceValues(weights)
    positions?.replaceValues(weights)
    lanes?.replaceValues(weights)
  }

  func run(
    source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue,
    context: ComputeContext
  ) throws {
    try inPlace?.run(source: source, destination: destination, epilogue: epilogue, context: context)
    try positions?.run(source: source, destination: destination, epilogue: epilogue, context: context)
    try lanes?.run(source: source, destination: destination, epilogue: epilogue, context: context)
  }
}

/// How a convolution is computed.
enum DirectWay: Sendable {
  /// On the planes as they lie.
  case inPlace
  /// On positions that are brought together.
  case positions(PositionChunks)
  /// Through a layout of lanes.
  case lanes

  /// One image that can be read in place is; several are where their planes are aligned, since small or odd ones
  /// make better vectors together.
  init(_ conv: ShiftedConv) {
    if conv.readsInPlace {
      self = conv.batch == 1 || conv.isPointwise && conv.sourcePixels.isMultiple(of: 16) ? .inPlace : .lanes
    } else if let chunks = PositionChunks(conv) {
      self = .positions(chunks)
    } else {
      self = .lanes
    }
  }
}
