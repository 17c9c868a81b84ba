/// LeNet-5 for images of 28x28, with ReLU and maxima as it is trained today.
///
/// LeCun et al., "Gradient-based learning applied to document recognition", Proceedings of the IEEE 86, 1998.
public struct LeNet5: Layer {
  /// 5x5, 6 channels.
  public let conv1: any WeightedLayer
  /// 5x5, 16 channels.
  public let conv2: any WeightedLayer
  /// 400 to 120.
  public let fc1: any WeightedLayer
  /// 120 to 84.
  public let fc2: any WeightedLayer
  /// 84 to the classes.
  public let fc3: any WeightedLayer

  /// Creates the model.
  ///
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(inputChannels: Int = 1, classCount: Int = 10, density: WeightDensity = .dense, seed: UInt64) throws {
    var factory = LayerFactory(density: density, seed: seed)
    conv1 = try factory.conv(
      "conv1", ConvGeometry(inputChannels, 6, kernelSize: 5, padding: 2), hasBias: true, isSmall: true)
    conv2 = try factory.conv("conv2", ConvGeometry(6, 16, kernelSize: 5), hasBias: true)
    fc1 = try factory.linear("fc1", 400, 120)
    fc2 = try factory.linear("fc2", 120, 84)
    fc3 = try factory.linear("fc3", 84, classCount, isSmall: true)
  }

  /// Logits `[batch, classes]` of images `[batch, channels, 28, 28]`.
  public func callAsFunction(_ images: Variable) throws -> Variable {
    let (relu, pool) = (ReLU(), MaxPool2d(kernelSize: 2))
    var x = try pool(relu(conv1(images)))
    x = try pool(relu(conv2(x)))
    x = try relu(fc1(Flatten()(x)))
    return try fc3(relu(fc2(x)))
  }
}
