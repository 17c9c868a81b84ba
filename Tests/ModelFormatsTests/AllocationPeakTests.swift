import CAllocationCounter
import Foundation
import TensorCore
import TestSupport
import Testing

@Suite(.enabled(if: snn_allocation_counter_is_active(), "allocations are counted on glibc, unsanitized"))
struct AllocationPeakTests {
  @Test func thePeakIsWhatIsHeldAtOnce() throws {
    let megabyte = 1 << 20
    let single = try #require(
      peakAllocatedByteCount {
        for size in 1...4 { withExtendedLifetime([UInt8](repeating: 1, count: size * megabyte)) {} }
      })
    #expect((4 * megabyte..<5 * megabyte).contains(single))
    let both = try #require(
      peakAllocatedByteCount {
        let first = Tensor(zeros: [megabyte / 4])
        withExtendedLifetime((first, [UInt8](repeating: 1, count: megabyte))) {}
      })
    #expect((2 * megabyte..<3 * megabyte).contains(both))
    let none = try #require(peakAllocatedByteCount {})
    #expect(none == 0)
  }

  @Test func whatWasThereBeforeCountsWhenItGrows() throws {
    let block = try #require(malloc(1000))
    var grown: UnsafeMutableRawPointer?
    let peak = try #require(peakAllocatedByteCount { grown = realloc(block, 3_000_000) })
    free(grown)
    #expect((2_999_000..<3_100_000).contains(peak))
  }
}
