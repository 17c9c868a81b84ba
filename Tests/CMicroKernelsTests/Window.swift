import TestSupport

/// A stretch of floats around those that a formula names: the first and the last of it are named.
struct Window {
  /// The index of the first element, in the formula's terms, where index 0 may be far away.
  let lower: Int
  /// The elements from `lower` on.
  var values: [Float]

  /// A stretch that begins and ends with named elements, all of them `unnamed` so far; empty where nothing is named.
  init(_ indices: Range<Int>, unnamed: Float) {
    lower = indices.lowerBound
    values = Array(repeating: unnamed, count: indices.count)
  }

  subscript(index: Int) -> Float {
    get { values[index - lower] }
    set { values[index - lower] = newValue }
  }

  /// The elements in guarded memory.
  func guarded(touching edge: GuardedEdge, isWritable: Bool = false) -> GuardedPages<Float> {
    GuardedPages(values, touching: edge, isWritable: isWritable)
  }

  /// How memory after a call differs from this expectation, or nil where the bits are the same; every NaN is the same.
  func difference(from pages: GuardedPages<Float>) -> String? {
    for (index, (got, expected)) in zip(pages.elements, values).enumerated()
    where got.bitPattern != expected.bitPattern && !(got.isNaN && expected.isNaN) {
      return "element \(index + lower) is \(got), expected \(expected)"
    }
    return pages.isRestIntact ? nil : "memory beside the elements was written"
  }

  /// Where index 0 lies or would lie, as C code is told.
  func origin(in pages: GuardedPages<Float>) -> UnsafeMutablePointer<Float> { pages.start - lower }
}
