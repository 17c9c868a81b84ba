import TensorCore

extension SeededGenerator {
  /// Random numbers that belong to an epoch and an image: whichever others are taken, in whatever order, and wherever
  /// training was resumed, these are the same.
  ///
  /// - Parameters:
  ///   - seed: the seed of a run.
  ///   - epoch: which epoch.
  ///   - index: which image; -1 for the epoch as a whole.
  init(seed: UInt64, epoch: Int, index: Int) {
    // Each step's number is added to a mixed one, so that no sum of small numbers meets another.
    var seedMixer = SeededGenerator(seed: seed)
    var epochMixer = SeededGenerator(seed: seedMixer.next() &+ UInt64(bitPattern: Int64(epoch)))
    self.init(seed: epochMixer.next() &+ UInt64(bitPattern: Int64(index)))
  }
}
