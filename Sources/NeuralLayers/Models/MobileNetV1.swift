/// MobileNetV1: thirteen pairs of a depthwise 3x3 and a pointwise convolution, BatchNorm and ReLU after each.
///
/// Howard et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", 2017,
/// <https://arxiv.org/abs/1704.04861>. Made for images of 224x224; any that five halvings leave a pixel of will do.
public struct MobileNetV1: Layer {
  /// The first convolution and the pairs.
  public let features: Sequential
  /// To the classes.
  public let classifier: any WeightedLayer

  /// Outputs of the pointwise convolutions at width 1, and the strides of the depthwise ones before them.
  private static let pairs = [
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
    (1024, 2), (1024, 1),
  ]

  /// Creates the model.
  ///
  /// - Parameters:
  ///   - width: what the channels of each layer are multiplied by.
  ///   - density: which layers are sparse; depthwise convolutions count as small.
  /// - Precondition: `width` leaves every layer a channel.
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(
    inputChannels: Int = 3, classCount: Int = 1000, width: Double = 0.25, density: WeightDensity = .dense, seed: UInt64
  ) throws {
    var factory = LayerFactory(density: density, seed: seed)
    var layers: [any Layer] = []
    func append(_ geometry: ConvGeometry, isSmall: Bool = false) throws {
      layers.append(try factory.conv("features.\(layers.count)", geometry, isSmall: isSmall))
      layers += [BatchNorm2d(geometry.outputChannels), ReLU()]
    }
    var channels = Int(32 * width)
    try append(ConvGeometry(inputChannels, channels, kernelSize: 3, stride: 2, padding: 1), isSmall: true)
    for (outputs, stride) in Self.pairs {
      try append(
        ConvGeometry(channels, channels, kernelSize: 3, stride: stride, padding: 1, groups: channels))
      try append(ConvGeometry(channels, Int(Double(outputs) * width), kernelSize: 1))
      channels = Int(Double(outputs) * width)
    }
    features = Sequential(layers + [GlobalAvgPool()])
    classifier = try factory.linear("classifier", channels, classCount, isSmall: true)
  }

  /// Logits `[batch, classes]` of images `[batch, channels, height, width]`.
  public func callAsFunction(_ images: Variable) throws -> Variable { try classifier(features(images)) }
}
