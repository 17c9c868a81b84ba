import TensorCore

/// A layer of weights, dense or sparse: a convolution, or a fully connected layer.
public protocol WeightedLayer: Layer {
  /// The weights: of a sparse layer the stored ones only.
  var weight: Parameter { get }
  /// One number per output channel, or nil.
  var bias: Parameter? { get }
  /// The bytes that the convolutions hold that were prepared for the shapes met so far: their packed weights, those for gradients if a
  /// tape has recorded, and a copy of the values for each.
  var packedByteCount: Int { get }
}
