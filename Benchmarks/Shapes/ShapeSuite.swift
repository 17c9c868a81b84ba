import Foundation
import SparseKernels

/// A named list of convolutions, kept as text in benchdnn's notation so that tests and benchmarks read the same lines.
public enum ShapeSuite: String, CaseIterable, Sendable {
  /// The first layer of an image classifier: 3 to 64 channels, 3x3, 32x32.
  case tutorial
  /// Eight layers of ResNet-50: 3x3 and 1x1 at each of its image sizes.
  case resnet50
  /// MobileNetV1 at width 1: depthwise and pointwise layers.
  case mobilenetV1 = "mobilenet-v1"
  /// VGG-16: 3x3 layers throughout.
  case vgg16
  /// AlexNet: 11x11 stride 4, 5x5 and 3x3, two groups.
  case alexnet
  /// The widths of ResNet-18 with 16 images, as they are trained: its 3x3 layers, also with stride 2, and the 1x1 shortcuts.
  case training
  /// Strides, dilation, groups, 1x7, 5x5 and 7x7: what the networks above have little of.
  case varied
  /// Small, odd and extreme problems for the conformance tests; not for timing.
  case conformance

  /// The suites that are worth timing.
  public static let timed: [ShapeSuite] = [
    .tutorial, .resnet50, .mobilenetV1, .vgg16, .alexnet, .training, .varied,
  ]

  /// The list as it is in the file.
  public var text: String {
    let bytes =
      switch self {
      case .tutorial: PackageResources.tutorial_shapes
      case .resnet50: PackageResources.resnet50_shapes
      case .mobilenetV1: PackageResources.mobilenet_v1_shapes
      case .vgg16: PackageResources.vgg16_shapes
      case .alexnet: PackageResources.alexnet_shapes
      case .training: PackageResources.training_shapes
      case .varied: PackageResources.varied_shapes
      case .conformance: PackageResources.conformance_shapes
      }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The problems of the list.
  ///
  /// - Throws: ``ConvProblemListError`` if the file is wrong, which a test excludes.
  public func problems() throws(ConvProblemListError) -> [ConvProblem] {
    try ConvProblem.list(benchdnn: text)
  }
}
