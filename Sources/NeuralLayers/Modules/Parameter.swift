import TensorCore

/// Numbers that training changes, and the gradient of the loss with respect to each of them.
///
/// Values and gradient are two runs of the same length, allocated once. The run of a dense parameter is its tensor in row-major
/// order. The run of a sparse one *is* its stored values, in the order of its pattern's `columnIndices`: nothing of the size of
/// the dense tensor exists, and a weight that is not stored cannot come back unless ``setPattern(_:values:)`` brings it.
///
/// A reference type: layer, optimizer and pruning code see the same numbers. Not for several threads at once.
public final class Parameter {
  /// The extents of the dense tensor, zeros included.
  public let shape: Shape

  /// The stored positions of a sparse parameter, one row per output channel; nil for a dense one.
  public private(set) var pattern: SparsityPattern?

  /// Counts the times that values were open for writing: what packs the values packs them anew when this has changed.
  public private(set) var valueVersion = 0

  /// Counts the patterns.
  public private(set) var patternVersion = 0

  /// The backward pass that wrote the gradient last.
  var gradientPass = 0

  private var valueRun: FloatRun
  private var gradientRun: FloatRun

  /// Creates a dense parameter.
  public init(_ tensor: Tensor) {
    shape = tensor.shape
    valueRun = tensor.withUnsafeBufferPointer { FloatRun($0) }
    gradientRun = FloatRun(zeros: tensor.count)
  }

  /// Creates a sparse parameter from its stored values.
  ///
  /// - Parameters:
  ///   - matrix: one row for each of the shape's first extent.
  ///   - shape: the dense tensor's.
  /// - Precondition: the matrix has the rows and columns that the shape gives.
  public init(_ matrix: CSRMatrix, shape: Shape) {
    self.shape = shape
    pattern = matrix.pattern
    valueRun = FloatRun(matrix.values)
    gradientRun = FloatRun(zeros: matrix.nnz)
    check(matrix.pattern)
  }

  deinit {
    valueRun.deallocate()
    gradientRun.deallocate()
  }

  /// The number of values: `pattern.nnz` of a sparse parameter, `shape.elementCount` of a dense one.
  public var count: Int { valueRun.elements.count }

  /// The fraction of the dense tensor that is stored; 1 for a dense parameter.
  public var density: Double { pattern?.density ?? 1 }

  /// The values, copied; setting copies into the run.
  ///
  /// - Precondition: as many as there were.
  public var values: [Float] {
    get { Array(valueRun.elements) }
    set {
      precondition(newValue.count == count, "Parameter: \(newValue.count) values, expected \(count)")
      withUnsafeMutableValues { _ = $0.update(fromContentsOf: newValue) }
    }
  }

  /// The gradient, copied: what the last ``Tape/backward(from:)`` in which this parameter took part has written.
  public var gradient: [Float] { Array(gradientRun.elements) }

  /// Calls `body` with the values.
  public func withUnsafeValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try body(UnsafeBufferPointer(valueRun.elements))
  }

  /// Calls `body` with the values for writing.
  public func withUnsafeMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    valueVersion += 1
    return try body(valueRun.elements)
  }

  /// Calls `body` with the gradient.
  public func withUnsafeGradient<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try body(UnsafeBufferPointer(gradientRun.elements))
  }

  /// Calls `body` with the gradient for writing, for clipping and the like.
  public func withUnsafeMutableGradient<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try body(gradientRun.elements)
  }

  /// Calls `body` with the values for writing and the gradient for reading: an optimizer's step.
  public func update<Result>(
    _ body: (_ values: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    valueVersion += 1
    return try body(valueRun.elements, UnsafeBufferPointer(gradientRun.elements))
  }

  /// Sets the gradient to zero. Not needed before a backward pass, which writes rather than adds.
  public func zeroGradient() {
    gradientRun.elements.update(repeating: 0)
  }

  /// Stores other positions. The gradient becomes zero, and what was prepared for the old pattern is prepared anew when next
  /// used.
  ///
  /// - Parameters:
  ///   - newPattern: of the same rows and columns.
  ///   - values: one per stored position.
  /// - Precondition: the parameter is sparse, and the sizes agree.
  public func setPattern(_ newPattern: SparsityPattern, values: [Float]) {
    precondition(pattern != nil, "Parameter: a dense parameter of shape \(shape) has no pattern to set")
    check(newPattern)
    precondition(
      values.count == newPattern.nnz, "Parameter: \(values.count) values, expected nnz = \(newPattern.nnz)")
    pattern = newPattern
    patternVersion += 1
    valueVersion += 1
    valueRun.deallocate()
    gradientRun.deallocate()
    valueRun = FloatRun(values)
    gradientRun = FloatRun(zeros: values.count)
  }

  /// The stored values as a matrix of one row per output channel; of a dense parameter every position is stored.
  ///
  /// - Precondition: a dense parameter has a rank of 1 or more.
  public func matrix() throws(SparseMatrixError) -> CSRMatrix {
    if let pattern { return CSRMatrix(uncheckedPattern: pattern, values: values) }
    return try CSRMatrix(pattern: .everywhere(rows: shape[0], columns: columns), values: values)
  }

  /// The dense tensor, zeros included: a copy, for export and inspection.
  public func dense() -> Tensor {
    guard let pattern else { return Tensor(values, shape: shape) }
    return CSRMatrix(uncheckedPattern: pattern, values: values).dense(shape: shape)
  }

  private var columns: Int { shape.dimensions.dropFirst().reduce(1, *) }

  private func check(_ pattern: SparsityPattern) {
    precondition(
      pattern.rows == shape[0] && pattern.columns == columns,
      "Parameter: a pattern of \(pattern.rows) x \(pattern.columns) for shape \(shape), expected \(shape[0]) x \(columns)"
    )
  }
}
