import TensorCore

/// Images of one shape with a class each: what a data set is to training.
///
/// Images are read by number, from several threads at once, in any order.
public protocol LabelledImages: Sendable {
  /// How many there are.
  var count: Int { get }

  /// The extents of each image, `[channels, height, width]`.
  var imageShape: Shape { get }

  /// The number of classes: every label is in `0..<classCount`.
  var classCount: Int { get }

  /// Writes the pixels of one image, planes one after the other, each in 0...1 unless the data set says otherwise.
  ///
  /// - Parameters:
  ///   - index: which, in `0..<count`.
  ///   - image: room for `imageShape.elementCount` numbers.
  /// - Returns: the label.
  /// - Throws: what reading a file throws.
  func read(_ index: Int, into image: UnsafeMutableBufferPointer<Float>) throws -> Int
}
