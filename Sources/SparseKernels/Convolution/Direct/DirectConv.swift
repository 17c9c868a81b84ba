import TensorCore

/// A convolution in one of the two ways that there are: on the planes as they lie, or through a layout of lanes.
enum DirectConv: Sendable {
  case inPlace(InPlaceConv)
  case lanes(LaneConv)

  /// One image that can be read in place is; several are where their planes are aligned, since small or odd ones
  /// make better vectors together.
  init(_ conv: ShiftedConv, weights: CSRMatrix) {
    let isInPlace = conv.readsInPlace && (conv.batch == 1 || conv.isPointwise && conv.sourcePixels.isMultiple(of: 16))
    self = isInPlace ? .inPlace(InPlaceConv(conv, weights: weights)) : .lanes(LaneConv(conv, weights: weights))
  }

  var byteCount: Int {
    switch self {
    case .inPlace(let conv): conv.byteCount
    case .lanes(let conv): conv.byteCount
    }
  }

  func scratchByteCount(threadCount: Int) -> Int {
    switch self {
    case .inPlace: 0
    case .lanes(let conv): conv.scratchByteCount(threadCount: threadCount)
    }
  }

  mutating func replaceValues(_ weights: CSRMatrix) {
    switch self {
    case .inPlace(var conv):
      conv.replaceValues(weights)
      self = .inPlace(conv)
    case .lanes(var conv):
      conv.replaceValues(weights)
      self = .lanes(conv)
    }
  }

  func run(
    source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>, epilogue: RunningEpilogue,
    context: ComputeContext
  ) throws {
    switch self {
    case .inPlace(let conv):
      try conv.run(source: source, destination: destination, epilogue: epilogue, context: context)
    case .lanes(let conv):
      try conv.run(
        source: source, destination: destination, epilogue: epilogue,
        scratch: context.scratch(byteCount: scratchByteCount(threadCount: context.threadCount)), context: context)
    }
  }
}
