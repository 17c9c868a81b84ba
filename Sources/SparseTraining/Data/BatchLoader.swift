import Dispatch
import TensorCore

/// Cuts a data set into batches, and prepares the next one on a thread of its own while the last one is computed with.
///
///     let loader = try BatchLoader(training, batchSize: 128, shuffleSeed: 1, normalization: normalization)
///     for epoch in 0..<10 {
///       loader.begin(epoch: epoch)
///       while let batch = try loader.next() { train(batch.images, batch.labels) }
///     }
///
/// What a batch holds follows from the data set, the settings, the epoch and the batch's number; not from timing, nor
/// from the batches before. The memory of a batch is used again when its last copy is gone: a loop like the one above has
/// two batches at any time.
///
/// A loader is used from one thread at a time.
public final class BatchLoader {
  /// The images of a batch, fewer only in the last.
  public let batchSize: Int
  /// How many batches an epoch has.
  public let batchCount: Int
  /// How many images an epoch has: all, or those of the whole batches if the last is dropped.
  public let imageCount: Int

  let preparer: BatchPreparer
  private let order: EpochOrder
  private let queue = DispatchQueue(label: "swift-sparse-nn.batches")

  private var epoch: Int?
  private var indices: [Int] = []
  private var nextNumber = 0
  private var pending: Preparation?

  /// Creates a loader; ``begin(epoch:batch:)`` starts it.
  ///
  /// - Parameters:
  ///   - images: the data set.
  ///   - batchSize: the images of a batch.
  ///   - shuffleSeed: the seed of the order of every epoch; nil for the data set's own order.
  ///   - normalization: what is done to every image last.
  ///   - augmentation: what is done to every image before.
  ///   - dropsLast: whether the last batch is left out if it has fewer images.
  /// - Throws: ``DataSetError/empty`` if there are no images, ``DataSetError/nothingButDropped(count:batchSize:)`` if
  ///   there are no whole batches and only such are wanted.
  /// - Precondition: `batchSize` is at least 1; the images have three extents, and the normalization a number for each
  ///   of their channels.
  public init(
    _ images: any LabelledImages, batchSize: Int, shuffleSeed: UInt64? = nil, normalization: Normalization? = nil,
    augmentation: Augmentation? = nil, dropsLast: Bool = false
  ) throws(DataSetError) {
    precondition(batchSize > 0, "BatchLoader: batchSize \(batchSize), expected 1 or more")
    let (count, shape) = (images.count, images.imageShape)
    precondition(shape.rank == 3, "BatchLoader: images of shape \(shape), expected [channels, height, width]")
    if let normalization {
      precondition(
        normalization.mean.count == shape[0],
        "BatchLoader: normalization of \(normalization.mean.count) channels for images of \(shape[0])")
    }
    if count == 0 { throw .empty }
    if dropsLast && count < batchSize { throw .nothingButDropped(count: count, batchSize: batchSize) }
    self.batchSize = batchSize
    batchCount = dropsLast ? count / batchSize : (count - 1) / batchSize + 1
    imageCount = dropsLast ? batchCount * batchSize : count
    order = EpochOrder(count: count, seed: shuffleSeed)
    preparer = BatchPreparer(images, normalization: normalization, augmentation: augmentation)
  }

  /// Starts an epoch, and leaves the one before if it has not ended.
  ///
  /// - Parameters:
  ///   - epoch: which, by which the order and the augmentation are chosen.
  ///   - batch: how many of its batches to pass over, so that a run that was stopped there goes on.
  /// - Complexity: O(images) for the order.
  /// - Precondition: `epoch` is zero or more, `batch` in `0...batchCount`.
  public func begin(epoch: Int, batch: Int = 0) {
    precondition(epoch >= 0, "BatchLoader: epoch \(epoch), expected zero or more")
    precondition((0...batchCount).contains(batch), "BatchLoader: batch \(batch), expected one of 0...\(batchCount)")
    order.write(epoch: epoch, into: &indices)
    self.epoch = epoch
    nextNumber = batch
    prepareNext()
  }

  /// The next batch of the epoch, or nil after the last.
  ///
  /// Waits until it is prepared, and has the one behind it prepared. A batch that failed is prepared again by the next
  /// call, and none is passed over.
  ///
  /// - Throws: ``DataSetError``, with the image's number, if one cannot be read or its label is no class.
  /// - Precondition: an epoch has begun.
  public func next() throws(DataSetError) -> Batch? {
    precondition(epoch != nil, "BatchLoader: next() before an epoch has begun, expected begin(epoch:) first")
    guard let preparation = pending else { return nil }
    // The queue is serial: once this empty piece of work has had its turn, the batch is done.
    queue.sync {}
    guard let result = preparation.take() else {
      preconditionFailure("BatchLoader: batch \(nextNumber) is not prepared, expected its work to be done")
    }
    if case .success = result { nextNumber += 1 }
    prepareNext()
    return try result.get()
  }

  /// Starts the preparation of the next batch, if the epoch has one.
  private func prepareNext() {
    pending = nil
    guard let epoch, nextNumber < batchCount else { return }
    let start = nextNumber * batchSize
    let batch = Array(indices[start..<min(start + batchSize, indices.count)])
    let preparation = Preparation()
    queue.async { [preparer, number = nextNumber] in
      preparation.put(preparer.batch(number, epoch: epoch, indices: batch))
    }
    pending = preparation
  }
}

extension BatchLoader {
  /// Where the background thread leaves a batch.
  private final class Preparation: Sendable {
    private let result = Locked<Result<Batch, DataSetError>?>(nil)

    func put(_ batch: Result<Batch, DataSetError>) {
      result.withLock { $0 = batch }
    }

    func take() -> Result<Batch, DataSetError>? {
      result.withLock { result in
        defer { result = nil }
        return result
      }
    }
  }
}
