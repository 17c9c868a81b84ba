import TensorCore

/// What a safetensors header says of one tensor.
public struct SafetensorsEntry: Hashable, Sendable {
  /// The type of the elements in the file.
  public let dtype: SafetensorsDType

  /// The extents, outermost first.
  public let shape: Shape

  /// Where the elements are, in bytes from the end of the header.
  public let byteRange: Range<Int>

  package init(dtype: SafetensorsDType, shape: Shape, byteRange: Range<Int>) {
    self.dtype = dtype
    self.shape = shape
    self.byteRange = byteRange
  }
}
