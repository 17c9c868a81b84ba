import TensorCore

/// Convolution straight from the stored weights, by our own micro-kernels: each weight is multiplied into a tile of outputs that
/// stays in registers, without im2col.
///
/// A convolution of stride 1 without padding on one image reads the input as it lies. Others lay it out first, once, so that
/// every tap is an aligned vector at any size, stride and batch (`docs/decisions/0012`). Sums are in `Float`, in an
/// order that the problem, the pattern and the processor fix.
public struct DirectConvKernel: ConvKernel {
  /// `direct`.
  public let name = "direct"

  /// Creates the kernel.
  public init() {}

  /// Supported unless one image with its padding is beyond 2^27 elements, since packed weights count places in 32 bits.
  public func support(for problem: ConvProblem) -> KernelSupport {
    let most = problem.largestPaddedImage
    return most <= Self.mostElements
      ? .supported : .unsupported("a padded image has \(most) elements, expected at most \(Self.mostElements)")
  }

  /// A layout has up to sixteen lanes, of regions no larger than an image, and what adjoining regions share.
  private static let mostElements = 1 << 27

  /// Packs the weights, 8 bytes each beside the tables of rows, and chooses layout and tiles.
  public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    try checkBeforePreparing(problem, weights: weights)
    return PreparedDirectConv(problem, weights: weights.matrix)
  }
}

extension ConvProblem {
  /// The elements of one image of as many channels as there are at either side, with its padding; `Int.max` if they are beyond.
  fileprivate var largestPaddedImage: Int {
    let height = inputSize.height + padding.top + padding.bottom
    let width = inputSize.width + padding.left + padding.right
    let (pixels, isFar) = height.multipliedReportingOverflow(by: width)
    let (elements, isBeyond) = pixels.multipliedReportingOverflow(by: max(inputChannels, outputChannels))
    return isFar || isBeyond ? .max : elements
  }
}

struct PreparedDirectConv: PreparedConv {
  let problem: ConvProblem
  private(set) var weights: CSRMatrix
  private var conv: DirectConv
  private var lazyGradients = LazyGradients(nil)

  init(_ problem: ConvProblem, weights: CSRMatrix) {
    self.problem = problem
    self.weights = weights
    conv = DirectConv(.forward(problem), weights: weights)
  }

  var weightByteCount: Int { conv.byteCount }

  func scratchByteCount(threadCount: Int) -> Int { conv.scratchByteCount(threadCount: threadCount) }

  mutating func replaceValues(_ values: [Float]) throws {
    try values.withUnsafeBufferPointer { try replaceValues($0) }
  }

  mutating func replaceValues(_ values: UnsafeBufferPointer<Float>) throws {
    try weights.replaceValues(values)
    conv.replaceValues(weights)
    if !isKnownUniquelyReferenced(&lazyGradients) { lazyGradients = LazyGradients(lazyGradients.known) }
    lazyGradients.replaceValues(weights)
  }

  /// Made when first asked for, since inference has no use for their weights.
  var gradients: (any ConvGradients)? {
    lazyGradients.value { DirectGradients(problem, weights: weights) }
  }

  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
  ) throws {
    try epilogue.run(into: output) { epilogue in
      try conv.run(source: input, destination: output, epilogue: epilogue, context: context)
    }
  }
}

/// Gradients that are made when first asked for. Copies of a prepared convolution share them until their values change.
private final class LazyGradients: Sendable {
  private let made: Locked<DirectGradients?>

  init(_ gradients: DirectGradients?) { made = Locked(gradients) }

  func value(make: () -> DirectGradients) -> DirectGradients {
    made.withLock { made in
      if let made { return made }
      let new = make()
      made = new
      return new
    }
  }

  /// The gradients, if they were made.
  var known: DirectGradients? { made.withLock { $0 } }

  /// Gives the gradients other values, if they were made. Nobody else may have them.
  func replaceValues(_ weights: CSRMatrix) {
    made.withLock { $0?.replaceValues(weights) }
  }
}
