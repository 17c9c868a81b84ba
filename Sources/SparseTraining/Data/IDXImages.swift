import ModelFormats
import TensorCore

/// Images and labels of two IDX files, as MNIST has them: kept as bytes, read as `pixel / 255`.
///
///     let digits = try IDXImages(
///       images: "train-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz", classCount: 10)
public struct IDXImages: LabelledImages {
  private let images: InMemoryImages

  /// How many images there are.
  public var count: Int { images.count }
  /// The extents of each image, `[channels, height, width]`.
  public var imageShape: Shape { images.imageShape }
  /// The number of classes.
  public var classCount: Int { images.classCount }

  /// Reads both files, which gzip may have compressed.
  ///
  /// - Parameters:
  ///   - imagesPath: the file of the images, `[images, height, width]` or `[images, channels, height, width]`.
  ///   - labelsPath: the file of the labels, `[images]`.
  ///   - classCount: the number of classes.
  /// - Throws: `FormatError` if a file cannot be read or is no IDX file, ``DataSetError`` if its shape is not that of
  ///   images or labels, if the numbers of images and labels differ, or if a label is no class.
  /// - Complexity: O(pixels); a byte of memory for each.
  public init(images imagesPath: String, labels labelsPath: String, classCount: Int) throws {
    // The labels come first, since they are few.
    let labels = try IDXFile(path: labelsPath)
    if labels.shape.rank != 1 {
      throw DataSetError.unexpectedShape(
        file: labelsPath, shape: labels.shape.dimensions, expected: "one extent, the number of labels")
    }
    let pixels = try IDXFile(path: imagesPath)
    let extents = pixels.shape.dimensions
    guard extents.count == 3 || extents.count == 4, !extents.dropFirst().contains(0) else {
      throw DataSetError.unexpectedShape(
        file: imagesPath, shape: extents, expected: "[images, height, width] or [images, channels, height, width]")
    }
    images = try InMemoryImages(
      bytes: pixels.elements,
      imageShape: Shape(extents.count == 3 ? [1, extents[1], extents[2]] : [Int](extents[1...])),
      labels: labels.elements.lazy.map(Int.init), classCount: classCount)
  }

  /// Writes one image and returns its label.
  ///
  /// - Precondition: `index` is in `0..<count`, and `image` has room for one image.
  public func read(_ index: Int, into image: UnsafeMutableBufferPointer<Float>) -> Int {
    images.read(index, into: image)
  }
}
