import TensorCore

/// The order in which an epoch takes the images of a data set: a function of the seed and the epoch alone.
///
/// Fisher and Yates's shuffle in Durstenfeld's form, Communications of the ACM 7, 1964,
/// <https://doi.org/10.1145/364520.364540>.
public struct EpochOrder: Hashable, Sendable {
  /// How many images there are.
  public let count: Int
  /// The seed of all epochs; nil for the data set's own order.
  public let seed: UInt64?

  /// Creates the orders of all epochs.
  ///
  /// - Precondition: `count` is zero or more.
  public init(count: Int, seed: UInt64?) {
    precondition(count >= 0, "EpochOrder: \(count) images, expected zero or more")
    self.count = count
    self.seed = seed
  }

  /// The images of an epoch: each of `0..<count` once.
  ///
  /// - Complexity: O(count).
  public func indices(epoch: Int) -> [Int] {
    var indices: [Int] = []
    write(epoch: epoch, into: &indices)
    return indices
  }

  /// Writes the images of an epoch over an array, whose memory is used again.
  ///
  /// - Complexity: O(count).
  public func write(epoch: Int, into indices: inout [Int]) {
    indices.removeAll(keepingCapacity: true)
    indices.append(contentsOf: 0..<count)
    guard let seed, count > 1 else { return }
    var generator = SeededGenerator(seed: seed, epoch: epoch, index: -1)
    for last in stride(from: count - 1, to: 0, by: -1) {
      indices.swapAt(last, generator.nextIndex(below: last + 1))
    }
  }
}
