import TensorCore

/// Images and labels that are in memory, as floats or as bytes.
public struct InMemoryImages: LabelledImages {
  private enum Pixels: Sendable {
    case floats(Tensor)
    case bytes([UInt8])
  }

  private let pixels: Pixels
  private let labels: [UInt32]

  /// The extents of each image, `[channels, height, width]`.
  public let imageShape: Shape
  /// The number of classes.
  public let classCount: Int

  /// How many images there are.
  public var count: Int { labels.count }

  /// Creates a data set of floats, which ``read(_:into:)`` gives as they are.
  ///
  /// - Parameters:
  ///   - images: the pixels, `[images, channels, height, width]`.
  ///   - labels: a class for each image.
  ///   - classCount: the number of classes.
  /// - Throws: ``DataSetError`` if there is another number of labels, or a label is no class.
  /// - Precondition: four extents, at least one class.
  public init(images: Tensor, labels: some Collection<Int>, classCount: Int) throws(DataSetError) {
    let shape = images.shape
    precondition(shape.rank == 4, "InMemoryImages: images of shape \(shape), expected four extents")
    self.labels = try Self.checked(labels, imageCount: shape[0], classCount: classCount)
    pixels = .floats(images)
    imageShape = Shape([shape[1], shape[2], shape[3]])
    self.classCount = classCount
  }

  /// Creates a data set of bytes, which ``read(_:into:)`` divides by 255.
  ///
  /// - Parameters:
  ///   - bytes: the pixels, image after image, planes one after the other.
  ///   - imageShape: the extents of each image, `[channels, height, width]`.
  ///   - labels: a class for each image.
  ///   - classCount: the number of classes.
  /// - Throws: ``DataSetError`` if there is another number of labels, or a label is no class.
  /// - Precondition: three extents with at least one element, at least one class, whole images.
  public init(
    bytes: [UInt8], imageShape: Shape, labels: some Collection<Int>, classCount: Int
  ) throws(DataSetError) {
    precondition(
      imageShape.rank == 3 && imageShape.elementCount > 0,
      "InMemoryImages: images of shape \(imageShape), expected three extents, none of them 0")
    precondition(
      bytes.count.isMultiple(of: imageShape.elementCount),
      "InMemoryImages: \(bytes.count) bytes, expected whole images of \(imageShape.elementCount)")
    self.labels = try Self.checked(
      labels, imageCount: bytes.count / imageShape.elementCount, classCount: classCount)
    pixels = .bytes(bytes)
    self.imageShape = imageShape
    self.classCount = classCount
  }

  /// Writes one image and returns its label.
  ///
  /// - Precondition: `index` is in `0..<count`, and `image` has room for one image.
  public func read(_ index: Int, into image: UnsafeMutableBufferPointer<Float>) -> Int {
    precondition(index >= 0 && index < count, "InMemoryImages: image \(index) is outside 0..<\(count)")
    let size = imageShape.elementCount
    precondition(image.count == size, "InMemoryImages: room for \(image.count) pixels, expected \(size)")
    let range = index * size..<(index + 1) * size
    switch pixels {
    case .floats(let tensor):
      tensor.withUnsafeBufferPointer { _ = image.update(fromContentsOf: $0[range]) }
    case .bytes(let bytes):
      bytes.withUnsafeBufferPointer { bytes in
        for (offset, byte) in bytes[range].enumerated() { image[offset] = Float(byte) / 255 }
      }
    }
    return Int(labels[index])
  }

  private static func checked(
    _ labels: some Collection<Int>, imageCount: Int, classCount: Int
  ) throws(DataSetError) -> [UInt32] {
    precondition(
      classCount > 0 && classCount <= Int(UInt32.max), "InMemoryImages: \(classCount) classes, expected 1 or more")
    if labels.count != imageCount { throw .labelCount(labels.count, imageCount: imageCount) }
    var checked: [UInt32] = []
    checked.reserveCapacity(imageCount)
    for (index, label) in labels.enumerated() {
      guard label >= 0, label < classCount else {
        throw .labelOutOfRange(label: label, index: index, classCount: classCount)
      }
      checked.append(UInt32(label))
    }
    return checked
  }
}
