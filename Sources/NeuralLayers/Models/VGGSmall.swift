/// Six 3x3 convolutions of 32, 32, 64, 64, 128 and 128 channels, BatchNorm and ReLU after each, maxima of 2x2 after the second and the
/// fourth, the mean of each plane, and one fully connected layer.
public struct VGGSmall: Layer {
  /// The convolutions with what follows them.
  public let features: Sequential
  /// 128 to the classes.
  public let classifier: any WeightedLayer

  /// Creates the model.
  ///
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(inputChannels: Int = 1, classCount: Int = 10, density: WeightDensity = .dense, seed: UInt64) throws {
    var factory = LayerFactory(density: density, seed: seed)
    var layers: [any Layer] = []
    var channels = inputChannels
    for (index, width) in [32, 32, 64, 64, 128, 128].enumerated() {
      let geometry = ConvGeometry(channels, width, kernelSize: 3, padding: 1)
      layers.append(try factory.conv("features.\(layers.count)", geometry, isSmall: index == 0))
      layers += [BatchNorm2d(width), ReLU()]
      if index == 1 || index == 3 { layers.append(MaxPool2d(kernelSize: 2)) }
      channels = width
    }
    features = Sequential(layers + [GlobalAvgPool()])
    classifier = try factory.linear("classifier", channels, classCount, isSmall: true)
  }

  /// Logits `[batch, classes]` of images `[batch, channels, height, width]`.
  public func callAsFunction(_ images: Variable) throws -> Variable { try classifier(features(images)) }
}
