import ArgumentParser
import NeuralLayers
import SparseTraining

/// The networks that can be trained, by name.
enum NetworkName: String, CaseIterable, ExpressibleByArgument {
  case leNet5 = "lenet5"
  case vggSmall = "vgg-small"
  case resNet20 = "resnet20"
  case mobileNetV1 = "mobilenet-v1"

  /// A model for some images, with the zeros that the settings' method begins with.
  ///
  /// - Throws: ``TrainingError`` if the settings make no sense, or the network does not take such images.
  func model(for images: any LabelledImages, _ settings: TrainingSettings) throws -> SparseModel {
    let (shape, classes, seed) = (images.imageShape, images.classCount, settings.seed)
    if self == .leNet5 && (shape[1], shape[2]) != (28, 28) {
      throw TrainingError.data("lenet5 takes images of 28x28, these are \(shape[1])x\(shape[2])")
    }
    if self == .vggSmall && (shape[1] < 4 || shape[2] < 4) {
      throw TrainingError.data("vgg-small takes images of 4x4 or more, these are \(shape[1])x\(shape[2])")
    }
    return try SparseModel(settings) { density in
      switch self {
      case .leNet5: try LeNet5(inputChannels: shape[0], classCount: classes, density: density, seed: seed)
      case .vggSmall: try VGGSmall(inputChannels: shape[0], classCount: classes, density: density, seed: seed)
      case .resNet20: try ResNet20(inputChannels: shape[0], classCount: classes, density: density, seed: seed)
      case .mobileNetV1: try MobileNetV1(inputChannels: shape[0], classCount: classes, density: density, seed: seed)
      }
    }
  }
}
