import CMicroKernels

/// Hints to the cache, for modules that import no C.
package enum CacheHint {
  /// Asks the second-level cache for the floats from `start` on, for reading or for writing over. Changes no result; an address that
  /// is not ours is ignored.
  @inline(__always)
  package static func fetch(_ start: UnsafePointer<Float>, count: Int) {
    snn_fetch_planes(start, 0, 1, count)
  }
}
