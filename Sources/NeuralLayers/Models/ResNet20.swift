/// ResNet-20 for small images, such as CIFAR's 32x32: three stages of three blocks, of 16, 32 and 64 channels.
///
/// He et al., "Deep residual learning for image recognition", CVPR 2016, section 4.2, <https://arxiv.org/abs/1512.03385>; where a
/// stage begins, the shortcut is a 1x1 convolution (their option B).
public struct ResNet20: Layer {
  /// Two 3x3 convolutions and a shortcut.
  public struct Block: Layer {
    /// The first convolution, which may have a stride.
    public let conv1: any WeightedLayer
    /// After the first convolution.
    public let bn1: BatchNorm2d
    /// The second convolution.
    public let conv2: any WeightedLayer
    /// After the second convolution.
    public let bn2: BatchNorm2d
    /// 1x1, where the shape changes.
    public let downsample: Sequential?

    init(_ name: String, _ inputs: Int, _ outputs: Int, stride: Int, _ factory: inout LayerFactory) throws {
      conv1 = try factory.conv(
        name + ".conv1", ConvGeometry(inputs, outputs, kernelSize: 3, stride: stride, padding: 1))
      bn1 = BatchNorm2d(outputs, activation: .relu)
      conv2 = try factory.conv(name + ".conv2", ConvGeometry(outputs, outputs, kernelSize: 3, padding: 1))
      bn2 = BatchNorm2d(outputs)
      if stride == 1, inputs == outputs {
        downsample = nil
      } else {
        let conv = try factory.conv(
          name + ".downsample.0", ConvGeometry(inputs, outputs, kernelSize: 1, stride: stride))
        downsample = Sequential([conv, BatchNorm2d(outputs)])
      }
    }

    /// `relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))`.
    public func callAsFunction(_ x: Variable) throws -> Variable {
      let shortcut = try downsample.map { try $0(x) } ?? x
      return try bn2(conv2(bn1(conv1(x))), adding: shortcut, activation: .relu)
    }
  }

  /// The first convolution.
  public let conv1: any WeightedLayer
  /// After the first convolution.
  public let bn1: BatchNorm2d
  /// Three blocks of 16 channels.
  public let layer1: Sequential
  /// Three blocks of 32 channels, of which the first halves the image.
  public let layer2: Sequential
  /// Three blocks of 64 channels, of which the first halves the image.
  public let layer3: Sequential
  /// 64 to the classes.
  public let fc: any WeightedLayer

  /// Creates the model.
  ///
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(inputChannels: Int = 3, classCount: Int = 10, density: WeightDensity = .dense, seed: UInt64) throws {
    var factory = LayerFactory(density: density, seed: seed)
    func stage(_ name: String, _ inputs: Int, _ outputs: Int, stride: Int) throws -> Sequential {
      Sequential(
        try (0..<3).map { index in
          try Block(
            "\(name).\(index)", index == 0 ? inputs : outputs, outputs, stride: index == 0 ? stride : 1, &factory)
        })
    }
    conv1 = try factory.conv("conv1", ConvGeometry(inputChannels, 16, kernelSize: 3, padding: 1), isSmall: true)
    bn1 = BatchNorm2d(16, activation: .relu)
    layer1 = try stage("layer1", 16, 16, stride: 1)
    layer2 = try stage("layer2", 16, 32, stride: 2)
    layer3 = try stage("layer3", 32, 64, stride: 2)
    fc = try factory.linear("fc", 64, classCount, isSmall: true)
  }

  /// Logits `[batch, classes]` of images `[batch, channels, height, width]`.
  public func callAsFunction(_ images: Variable) throws -> Variable {
    try fc(GlobalAvgPool()(layer3(layer2(layer1(bn1(conv1(images)))))))
  }
}
