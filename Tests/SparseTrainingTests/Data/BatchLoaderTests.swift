import Foundation
@testable import SparseTraining
import TensorCore
import Testing

@Suite struct BatchLoaderTests {
  /// All batches that are left of an epoch.
  private func rest(_ loader: BatchLoader) throws -> [Batch] {
    var batches: [Batch] = []
    while let batch = try loader.next() { batches.append(batch) }
    return batches
  }

  private func pixels(_ batches: [Batch]) -> [[Float]] { batches.map(\.images.values) }

  @Test(arguments: [(10, 3, 4), (9, 3, 3), (1, 1, 1), (2, 5, 1), (7, 1, 7)])
  func anEpochHasEveryImageInOrder(count: Int, batchSize: Int, batchCount: Int) throws {
    let loader = try BatchLoader(NumberedImages(count: count), batchSize: batchSize)
    #expect(loader.batchCount == batchCount && loader.imageCount == count)
    for epoch in [0, 5] {
      loader.begin(epoch: epoch)
      let batches = try rest(loader)
      #expect(batches.map(\.number) == Array(0..<batchCount) && batches.allSatisfy { $0.epoch == epoch })
      #expect(batches.flatMap(\.indices) == Array(0..<count))
      #expect(batches.flatMap(\.labels) == (0..<count).map { $0 % 7 })
      #expect(batches.dropLast().allSatisfy { $0.count == batchSize })
      for batch in batches {
        #expect(batch.images.shape == [batch.count, 2, 3, 5])
        #expect(
          batch.images.values == batch.indices.flatMap { index in (0..<30).map { NumberedImages.pixel(index, $0) } })
      }
      #expect(try loader.next() == nil && loader.next() == nil)
    }
  }

  @Test func theLastBatchIsDroppedIfAsked() throws {
    let loader = try BatchLoader(NumberedImages(count: 11), batchSize: 4, shuffleSeed: 3, dropsLast: true)
    #expect(loader.batchCount == 2 && loader.imageCount == 8)
    loader.begin(epoch: 0)
    let batches = try rest(loader)
    #expect(batches.map(\.count) == [4, 4] && Set(batches.flatMap(\.indices)).count == 8)
  }

  @Test func epochsAreShuffledAsTheirOrderSays() throws {
    let loader = try BatchLoader(NumberedImages(count: 23), batchSize: 5, shuffleSeed: 9)
    for epoch in 0..<3 {
      loader.begin(epoch: epoch)
      let batches = try rest(loader)
      #expect(batches.flatMap(\.indices) == EpochOrder(count: 23, seed: 9).indices(epoch: epoch))
      #expect(batches.flatMap(\.labels) == batches.flatMap(\.indices).map { $0 % 7 })
    }
  }

  @Test func imagesAreAugmentedAndThenNormalized() throws {
    let shape: Shape = [2, 3, 5]
    let augmentation = Augmentation(largestShift: 1, flipsHorizontally: true, seed: 2)
    let normalization = Normalization(mean: [3, -1], standardDeviation: [2, 0.5])
    let loader = try BatchLoader(
      NumberedImages(count: 12), batchSize: 5, shuffleSeed: 1, normalization: normalization, augmentation: augmentation)
    loader.begin(epoch: 4)
    for batch in try rest(loader) {
      let want = batch.indices.flatMap { index in
        var image = (0..<30).map { NumberedImages.pixel(index, $0) }
        image.withUnsafeMutableBufferPointer { augmentation.apply(to: $0, shape: shape, epoch: 4, index: index) }
        return image.enumerated().map { $0 < 15 ? ($1 - 3) / 2 : ($1 + 1) / 0.5 }
      }
      #expect(batch.images.values == want)
    }
  }

  @Test func anEpochThatIsResumedGoesOnWithTheSameBits() throws {
    func loader() throws -> BatchLoader {
      try BatchLoader(
        NumberedImages(count: 40), batchSize: 6, shuffleSeed: 5,
        normalization: Normalization(mean: [9, 9], standardDeviation: [3, 7]),
        augmentation: Augmentation(largestShift: 2, flipsHorizontally: true, seed: 6))
    }
    let whole = try loader()
    whole.begin(epoch: 3)
    let all = try rest(whole)
    #expect(all.count == 7)
    for batch in 0...7 {
      let resumed = try loader()
      resumed.begin(epoch: 3, batch: batch)
      let left = try rest(resumed)
      #expect(pixels(left) == pixels(Array(all[batch...])) && left.map(\.number) == Array(batch..<7))
    }
    // An epoch that is left in its middle, while a batch of it is prepared, leaves nothing behind.
    whole.begin(epoch: 1)
    _ = try whole.next()
    whole.begin(epoch: 3)
    #expect(try pixels(rest(whole)) == pixels(all))
  }

  @Test func resultsDoNotDependOnWhoIsFaster() throws {
    /// Images that take their time, each another.
    struct SlowImages: LabelledImages {
      let images = NumberedImages(count: 24)
      var count: Int { images.count }
      var imageShape: Shape { images.imageShape }
      var classCount: Int { images.classCount }
      func read(_ index: Int, into image: UnsafeMutableBufferPointer<Float>) throws -> Int {
        usleep(UInt32(index % 5) * 300)
        return try images.read(index, into: image)
      }
    }
    let fast = try BatchLoader(NumberedImages(count: 24), batchSize: 3, shuffleSeed: 2)
    let slow = try BatchLoader(SlowImages(), batchSize: 3, shuffleSeed: 2)
    fast.begin(epoch: 0)
    slow.begin(epoch: 0)
    while let want = try fast.next() {
      if want.number.isMultiple(of: 2) { usleep(2_000) }
      let got = try slow.next()
      #expect(got?.images == want.images && got?.labels == want.labels)
    }
    #expect(try slow.next() == nil)
  }

  @Test func warmEpochsTakeNoNewMemory() throws {
    let loader = try BatchLoader(NumberedImages(count: 30), batchSize: 4, shuffleSeed: 1)
    for epoch in 0..<20 {
      loader.begin(epoch: epoch)
      while let batch = try loader.next() { #expect(batch.images.shape.rank == 4) }
    }
    // Of 30 images, four in a batch: one batch that is used and one that is prepared, and the last of two images. One
    // block is enough for the first two if the thread that prepares is always late.
    let imageByteCount = 30 * 4
    #expect(((4 + 2) * imageByteCount...(4 + 4 + 2) * imageByteCount).contains(loader.preparer.pool.allocatedByteCount))
  }

  @Test func anErrorIsThrownWithItsBatchAndAgain() throws {
    let loader = try BatchLoader(NumberedImages(count: 9, failing: [4]), batchSize: 3)
    loader.begin(epoch: 0)
    #expect(try loader.next()?.indices == [0, 1, 2])
    for _ in 0..<3 {
      #expect(throws: DataSetError.unreadableImage(index: 4, reason: "the disk is gone")) { try loader.next() }
    }
    loader.begin(epoch: 0, batch: 2)
    #expect(try loader.next()?.indices == [6, 7, 8])
    #expect(try loader.next() == nil)
  }

  @Test func aLabelThatIsNoClassIsRefused() throws {
    let loader = try BatchLoader(NumberedImages(count: 5, wronglyLabelled: [3]), batchSize: 5)
    loader.begin(epoch: 0)
    #expect(throws: DataSetError.labelOutOfRange(label: 7, index: 3, classCount: 7)) { try loader.next() }
  }

  @Test func dataSetsWithoutBatchesAreRefused() {
    #expect(throws: DataSetError.empty) { try BatchLoader(NumberedImages(count: 0), batchSize: 4) }
    #expect(throws: DataSetError.nothingButDropped(count: 3, batchSize: 4)) {
      try BatchLoader(NumberedImages(count: 3), batchSize: 4, dropsLast: true)
    }
  }

  @Test func batchesOutliveTheirLoader() throws {
    var loader: BatchLoader? = try BatchLoader(NumberedImages(count: 8), batchSize: 2)
    loader?.begin(epoch: 0)
    let batch = try #require(try loader?.next())
    loader = nil
    #expect(batch.images.values == [0, 1].flatMap { index in (0..<30).map { NumberedImages.pixel(index, $0) } })
  }
}
