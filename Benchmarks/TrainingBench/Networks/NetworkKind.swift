import NeuralLayers
import SparseKernels
import Synchronization
import TensorCore

/// A network that can be trained.
enum NetworkKind: String, CaseIterable, Sendable {
  /// Six 3x3 convolutions on one channel of 28x28.
  case vggSmall = "vgg-small"
  /// ResNet-20 on three channels of 32x32, as CIFAR has them.
  case resNet20 = "resnet20"
  /// ResNet-20 on one channel of 28x28.
  case resNet20At28 = "resnet20-28"

  static let classCount = 10

  /// The extents of an image, `[channels, height, width]`.
  var imageShape: [Int] {
    switch self {
    case .vggSmall, .resNet20At28: [1, 28, 28]
    case .resNet20: [3, 32, 32]
    }
  }

  func model(density: WeightDensity, seed: UInt64) throws -> any Layer {
    let channels = imageShape[0]
    switch self {
    case .vggSmall:
      return try VGGSmall(inputChannels: channels, classCount: Self.classCount, density: density, seed: seed)
    case .resNet20, .resNet20At28:
      return try ResNet20(inputChannels: channels, classCount: Self.classCount, density: density, seed: seed)
    }
  }

  /// The layers of weights that a density is asked for, in the order of the model.
  func places() throws -> [WeightDensity.Place] {
    let list = PlaceList()
    _ = try model(
      density: WeightDensity { place in
        list.append(place)
        return 1
      }, seed: 0)
    return list.places
  }
}

/// Collects what a model asks the density of.
private final class PlaceList: Sendable {
  private let list = Mutex<[WeightDensity.Place]>([])

  var places: [WeightDensity.Place] { list.withLock { $0 } }
  func append(_ place: WeightDensity.Place) { list.withLock { $0.append(place) } }
}
