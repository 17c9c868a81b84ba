/// The extents of a tensor, outermost first: `[batch, channels, height, width]` for activations (NCHW),
/// `[outputChannels, inputChannels / groups, kernelHeight, kernelWidth]` for weights (OIHW).
///
/// The product of the extents that are not zero always fits in `Int`, so that no later size computation wraps.
public struct Shape: Hashable, Sendable {
  /// The extents, outermost first; each is zero or more.
  public let dimensions: [Int]

  /// The number of elements: the product of `dimensions` (1 for a scalar).
  public let elementCount: Int

  /// Creates a shape from extents that come from outside the program.
  ///
  /// - Throws: ``ShapeError`` if an extent is negative or if the product of those that are not zero, in bytes of
  ///   `Double`, does not fit in `Int`.
  public init(validating dimensions: [Int]) throws(ShapeError) {
    if let negative = dimensions.firstIndex(where: { $0 < 0 }) {
      throw .negativeExtent(dimensions: dimensions, index: negative)
    }
    var bytes = MemoryLayout<Double>.stride
    for extent in dimensions where extent > 0 {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      if overflow { throw .tooManyElements(dimensions: dimensions) }
      bytes = product
    }
    self.dimensions = dimensions
    elementCount = dimensions.contains(0) ? 0 : bytes / MemoryLayout<Double>.stride
  }

  /// Creates a shape from extents that the program itself chose.
  ///
  /// - Precondition: the extents are zero or more and their product fits; see ``init(validating:)``.
  public init(_ dimensions: [Int]) {
    do throws(ShapeError) {
      try self.init(validating: dimensions)
    } catch {
      preconditionFailure(error.description)
    }
  }

  /// The number of dimensions.
  public var rank: Int { dimensions.count }

  /// The extent of one dimension.
  public subscript(index: Int) -> Int { dimensions[index] }

  /// Whether this is the four-dimensional shape with the given extents; allocates nothing.
  package func matches(_ first: Int, _ second: Int, _ third: Int, _ fourth: Int) -> Bool {
    dimensions.count == 4 && dimensions[0] == first && dimensions[1] == second && dimensions[2] == third
      && dimensions[3] == fourth
  }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  /// Creates a shape from a literal such as `[1, 3, 32, 32]`.
  public init(arrayLiteral elements: Int...) {
    self.init(elements)
  }

  /// The extents in brackets, such as `[1, 3, 32, 32]`.
  public var description: String {
    dimensions.description
  }
}

/// Why a list of extents is not a shape.
public enum ShapeError: Error, Equatable, CustomStringConvertible {
  /// An extent is below zero.
  case negativeExtent(dimensions: [Int], index: Int)
  /// The number of elements does not fit in memory's address range.
  case tooManyElements(dimensions: [Int])

  /// One sentence with the offending values.
  public var description: String {
    switch self {
    case .negativeExtent(let dimensions, let index):
      "shape \(dimensions): extent \(index) is \(dimensions[index]), expected zero or more"
    case .tooManyElements(let dimensions):
      "shape \(dimensions): the number of elements does not fit in 63 bits of address"
    }
  }
}
