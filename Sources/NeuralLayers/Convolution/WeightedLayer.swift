import TensorCore

/// A layer of weights, dense or sparse: a convolution, or a fully connected layer.
public protocol WeightedLayer: Layer {
  /// The weights: of a sparse layer the stored ones only.
  var weight: Parameter { get }
  /// One number per output channel, or nil.
  var bias: Parameter? { get }
}
