/// A dense array of `Float` in row-major order: NCHW for activations, OIHW for convolution weights.
///
/// Storage starts on a 64-byte boundary, is contiguous, and is shared between copies until one of them is written to
/// (copy-on-write), so a tensor is a value that is cheap to pass.
public struct Tensor: Sendable {
  /// The extents, outermost first.
  public let shape: Shape

  private var storage: AlignedStorage

  /// Creates a tensor whose elements `initialize` writes.
  ///
  /// - Parameters:
  ///   - shape: the extents.
  ///   - pool: where the elements' memory comes from and returns to; nil for memory of its own.
  ///   - initialize: receives `shape.elementCount` uninitialized elements in row-major order and must write each.
  public init(
    uninitialized shape: Shape, pool: TensorPool? = nil,
    initializingWith initialize: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    self.shape = shape
    storage = AlignedStorage(uninitializedCount: shape.elementCount, from: pool)
    try withExtendedLifetime(storage) { try initialize(storage.elements) }
  }

  /// Creates a tensor with every element equal to `value`.
  public init(repeating value: Float, shape: Shape) {
    self.init(uninitialized: shape) { $0.initialize(repeating: value) }
  }

  /// Creates a tensor of zeros.
  public init(zeros shape: Shape) {
    self.init(repeating: 0, shape: shape)
  }

  /// Creates a tensor from its elements in row-major order.
  ///
  /// - Precondition: `values.count == shape.elementCount`.
  public init(_ values: some Collection<Float>, shape: Shape) {
    precondition(
      values.count == shape.elementCount,
      "Tensor: \(values.count) values for shape \(shape), which has \(shape.elementCount) elements")
    self.init(uninitialized: shape) { _ = $0.initialize(from: values) }
  }

  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// The elements in row-major order, copied.
  public var values: [Float] { withUnsafeBufferPointer { Array($0) } }

  /// The same elements under another shape.
  ///
  /// - Precondition: the number of elements is the same.
  public func reshaped(to newShape: Shape) -> Tensor {
    precondition(
      newShape.elementCount == count, "Tensor: cannot reshape \(shape) to \(newShape), which has another element count")
    return Tensor(shape: newShape, storage: storage)
  }

  /// Calls `body` with the elements in row-major order.
  public func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeBufferPointer(storage.elements)) }
  }

  /// Calls `body` with the elements in row-major order, for writing; copies them first if they are shared.
  public mutating func withUnsafeMutableBufferPointer<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
    return try withExtendedLifetime(storage) { try body(storage.elements) }
  }

  /// Whether no other tensor shares the elements, so that writing copies nothing.
  package mutating func isUniquelyReferenced() -> Bool {
    isKnownUniquelyReferenced(&storage)
  }

  /// The element at a flat index in row-major order.
  public subscript(flat index: Int) -> Float {
    get {
      let index = checked(index)
      return withUnsafeBufferPointer { $0[index] }
    }
    set {
      let index = checked(index)
      withUnsafeMutableBufferPointer { $0[index] = newValue }
    }
  }

  /// The element at one index per dimension.
  ///
  /// - Precondition: as many indices as dimensions, each inside its extent.
  public subscript(indices: Int...) -> Float {
    get { self[flat: flatIndex(indices)] }
    set { self[flat: flatIndex(indices)] = newValue }
  }

  private init(shape: Shape, storage: AlignedStorage) {
    self.shape = shape
    self.storage = storage
  }

  private func checked(_ index: Int) -> Int {
    precondition(index >= 0 && index < count, "Tensor: flat index \(index) is outside 0..<\(count)")
    return index
  }

  private func flatIndex(_ indices: [Int]) -> Int {
    precondition(indices.count == shape.rank, "Tensor: \(indices.count) indices for shape \(shape)")
    return zip(indices, shape.dimensions).reduce(0) { flat, step in
      precondition(step.0 >= 0 && step.0 < step.1, "Tensor: index \(indices) is outside shape \(shape)")
      return flat * step.1 + step.0
    }
  }
}

extension Tensor: Equatable {
  /// Whether shapes and elements are equal (as floats: NaN differs from itself, 0 equals -0).
  public static func == (left: Tensor, right: Tensor) -> Bool {
    left.shape == right.shape
      && left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { left.elementsEqual($0) } }
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first elements.
  public var description: String {
    let shown = withUnsafeBufferPointer { $0.prefix(8).map { "\($0)" }.joined(separator: ", ") }
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", ..." : ""))"
  }
}
