import CAllocationCounter

/// The most bytes that the calling thread held at once, of those that it allocated while `body` ran; nil where
/// allocations are not counted, which is outside glibc and under a sanitizer.
public func peakAllocatedByteCount(_ body: () throws -> Void) rethrows -> Int? {
  guard snn_allocation_counter_is_active() else {
    try body()
    return nil
  }
  snn_allocation_counter_begin_peak()
  // Also after an error, so that the thread's later life is not followed; then nobody wants the number.
  defer { _ = snn_allocation_counter_end_peak() }
  try body()
  return snn_allocation_counter_end_peak()
}
