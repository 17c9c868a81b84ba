import TensorCore

/// Numbers that belong to a model and are saved with it, but that no gradient changes: BatchNorm's running statistics.
///
/// A reference type, like ``Parameter``.
public final class Buffer {
  /// The extents.
  public let shape: Shape

  private let run: FloatRun

  /// Creates a buffer.
  public init(_ tensor: Tensor) {
    shape = tensor.shape
    run = tensor.withUnsafeBufferPointer { FloatRun($0) }
  }

  deinit { run.deallocate() }

  /// The number of elements.
  public var count: Int { run.elements.count }

  /// The values, copied; setting copies into the run.
  ///
  /// - Precondition: as many as there were.
  public var values: [Float] {
    get { Array(run.elements) }
    set {
      precondition(newValue.count == count, "Buffer: \(newValue.count) values, expected \(count)")
      _ = run.elements.update(fromContentsOf: newValue)
    }
  }

  /// Calls `body` with the values for writing.
  public func withUnsafeMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try body(run.elements)
  }
}
