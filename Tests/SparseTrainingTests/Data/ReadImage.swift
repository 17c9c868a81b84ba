import SparseTraining
import TensorCore

extension LabelledImages {
  /// One image and its label, as values. The room before it is full of NaN, so that what is not written shows.
  func image(_ index: Int) throws -> (pixels: [Float], label: Int) {
    var pixels = [Float](repeating: .nan, count: imageShape.elementCount)
    let label = try pixels.withUnsafeMutableBufferPointer { try read(index, into: $0) }
    return (pixels, label)
  }
}

/// Images whose every pixel tells the image's number, and that may fail.
struct NumberedImages: LabelledImages {
  struct Failure: Error, CustomStringConvertible {
    let description = "the disk is gone"
  }

  var count: Int
  var imageShape: Shape = [2, 3, 5]
  var classCount = 7
  var failing: Set<Int> = []
  var wronglyLabelled: Set<Int> = []

  func read(_ index: Int, into image: UnsafeMutableBufferPointer<Float>) throws -> Int {
    if failing.contains(index) { throw Failure() }
    for place in image.indices { image[place] = Self.pixel(index, place) }
    return wronglyLabelled.contains(index) ? classCount : index % classCount
  }

  static func pixel(_ index: Int, _ place: Int) -> Float { Float(index + 1) + Float(place) / 64 }
}
