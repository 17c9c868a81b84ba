/// Why a data set cannot be read or cut into batches.
public enum DataSetError: Error, Equatable, CustomStringConvertible {
  /// There are no images.
  case empty
  /// Every batch would be the incomplete one that is dropped.
  case nothingButDropped(count: Int, batchSize: Int)
  /// There is another number of labels than of images.
  case labelCount(Int, imageCount: Int)
  /// A label is no class.
  case labelOutOfRange(label: Int, index: Int, classCount: Int)
  /// A file's array is of another shape than images or labels are.
  case unexpectedShape(file: String, shape: [Int], expected: String)
  /// A folder has no such file; a package of the system has it.
  case missingFile(String, folder: String, package: String)
  /// A folder cannot be listed.
  case unreadableFolder(String, reason: String)
  /// A folder has no sub-folders, which are the classes.
  case noClasses(folder: String)
  /// A class has no images.
  case emptyClass(folder: String)
  /// The package was built without the trait `Images`.
  case imagesLeftOut(folder: String)
  /// An image cannot be read.
  case unreadableImage(index: Int, reason: String)

  /// One sentence with what was found and what was expected.
  public var description: String {
    switch self {
    case .empty: "the data set is empty, expected at least one image"
    case .nothingButDropped(let count, let batchSize):
      "\(count) images make no whole batch of \(batchSize), expected at least one where the last is dropped"
    case .labelCount(let count, let imageCount):
      "there are \(count) labels, expected one for each of \(imageCount) images"
    case .labelOutOfRange(let label, let index, let classCount):
      "the label of image \(index) is \(label), expected a class in 0..<\(classCount)"
    case .unexpectedShape(let file, let shape, let expected): "\(file): shape is \(shape), expected \(expected)"
    case .missingFile(let name, let folder, let package):
      "\(folder): has neither \(name).gz nor \(name), expected one; Debian and Ubuntu have it in the package \(package)"
    case .unreadableFolder(let folder, let reason): "\(folder): cannot be listed: \(reason)"
    case .noClasses(let folder): "\(folder): has no sub-folders, expected one for each class"
    case .emptyClass(let folder): "\(folder): has no images, expected .png, .jpg or .jpeg files"
    case .imagesLeftOut(let folder):
      "\(folder): is a folder of images, expected a build of swift-sparse-nn with its trait Images"
    case .unreadableImage(let index, let reason): "image \(index) cannot be read: \(reason)"
    }
  }
}
