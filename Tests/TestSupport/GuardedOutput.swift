import SparseKernels
import TensorCore

/// Room for an output, all NaN, with numbers before and after it that nobody may change.
package final class GuardedOutput {
  private let block: UnsafeMutablePointer<Float>
  private let count: Int
  private static let guardCount = 64
  private static let sentinel: Float = 12345.5

  package init(count: Int) {
    self.count = count
    block = .allocate(capacity: count + 2 * Self.guardCount)
    block.initialize(repeating: Self.sentinel, count: count + 2 * Self.guardCount)
    start.update(repeating: .nan, count: count)
  }

  deinit { block.deallocate() }

  /// Where the output begins.
  package var start: UnsafeMutablePointer<Float> { block + Self.guardCount }

  /// The output's elements.
  package var values: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Whether the numbers around the output are as they were.
  package var isGuardIntact: Bool {
    (0..<Self.guardCount).allSatisfy {
      block[$0] == Self.sentinel && block[Self.guardCount + count + $0] == Self.sentinel
    }
  }
}
