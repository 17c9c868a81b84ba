import SparseTraining
import TensorCore

/// Some images of a data set, spread evenly over it: where classes follow each other, of all classes.
struct EvenlySpreadImages: LabelledImages {
  let images: any LabelledImages
  let count: Int

  /// - Parameter count: how many, if there are as many.
  init(_ images: any LabelledImages, count: Int) {
    self.images = images
    self.count = min(count, images.count)
  }

  var imageShape: Shape { images.imageShape }
  var classCount: Int { images.classCount }

  func read(_ index: Int, into image: UnsafeMutableBufferPointer<Float>) throws -> Int {
    precondition(index < count, "EvenlySpreadImages: image \(index) of \(count)")
    return try images.read(Int(Double(index) * Double(images.count) / Double(count)), into: image)
  }
}
