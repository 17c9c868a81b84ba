import TensorCore

/// Makes batches: what a loader's background thread does.
final class BatchPreparer: Sendable {
  /// Where the memory of the batches comes from and returns to.
  let pool = TensorPool()

  private let images: any LabelledImages
  private let normalization: Normalization?
  private let augmentation: Augmentation?

  init(_ images: any LabelledImages, normalization: Normalization?, augmentation: Augmentation?) {
    self.images = images
    self.normalization = normalization
    self.augmentation = augmentation
  }

  /// Reads, augments and normalizes the images of a batch, one after the other.
  func batch(_ number: Int, epoch: Int, indices: [Int]) -> Result<Batch, DataSetError> {
    Result { () throws(DataSetError) in
      let shape = images.imageShape
      let size = shape.elementCount
      var labels: [Int] = []
      labels.reserveCapacity(indices.count)
      var failure: DataSetError?
      let tensor = Tensor(uninitialized: Shape([indices.count] + shape.dimensions), pool: pool) { batch in
        do throws(DataSetError) {
          for (place, index) in indices.enumerated() {
            let image = UnsafeMutableBufferPointer(rebasing: batch[place * size..<(place + 1) * size])
            labels.append(try read(index, shape: shape, epoch: epoch, into: image))
          }
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      return Batch(images: tensor, labels: labels, indices: indices, epoch: epoch, number: number)
    }
  }

  private func read(
    _ index: Int, shape: Shape, epoch: Int, into image: UnsafeMutableBufferPointer<Float>
  ) throws(DataSetError) -> Int {
    let label: Int
    do { label = try images.read(index, into: image) } catch let error as DataSetError { throw error } catch {
      throw .unreadableImage(index: index, reason: "\(error)")
    }
    guard label >= 0, label < images.classCount else {
      throw .labelOutOfRange(label: label, index: index, classCount: images.classCount)
    }
    augmentation?.apply(to: image, shape: shape, epoch: epoch, index: index)
    normalization?.apply(to: image)
    return label
  }
}
