import Foundation

/// Fashion-MNIST: 60,000 images for training and 10,000 for tests, of 28x28 grey pixels, in ten classes of clothing.
///
///     let training = try FashionMNIST.images(.training)
///
/// Xiao, Rasul and Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", 2017,
/// <https://arxiv.org/abs/1708.07747>. Debian and Ubuntu have it in the package `dataset-fashion-mnist`. MNIST's own
/// files have the same names and are read from a folder of their own.
public enum FashionMNIST {
  /// The two parts.
  public enum Part: String, CaseIterable, Sendable {
    /// 60,000 images to train on.
    case training = "train"
    /// 10,000 images to test on.
    case test = "t10k"
  }

  /// What the classes are called, by their numbers.
  public static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  /// Where Debian's package puts the files.
  public static let systemFolder = "/usr/share/datasets/fashion-mnist"

  /// The package of Debian and Ubuntu that has the files.
  public static let systemPackage = "dataset-fashion-mnist"

  /// Reads one part, of which about 47 MB (training) or 8 MB are kept in memory.
  ///
  /// - Parameters:
  ///   - part: which.
  ///   - folder: a folder with `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
  ///     `t10k-labels-idx1-ubyte`, each with `.gz` behind its name or without.
  /// - Throws: ``DataSetError/missingFile(_:folder:package:)`` if the folder lacks one, and what ``IDXImages`` throws.
  public static func images(_ part: Part, folder: String = systemFolder) throws -> IDXImages {
    try IDXImages(
      images: file("\(part.rawValue)-images-idx3-ubyte", in: folder),
      labels: file("\(part.rawValue)-labels-idx1-ubyte", in: folder), classCount: classNames.count)
  }

  private static func file(_ name: String, in folder: String) throws(DataSetError) -> String {
    for candidate in ["\(folder)/\(name).gz", "\(folder)/\(name)"]
    where FileManager.default.fileExists(atPath: candidate) {
      return candidate
    }
    throw .missingFile(name, folder: folder, package: systemPackage)
  }
}
