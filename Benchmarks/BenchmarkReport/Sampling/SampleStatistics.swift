/// What a set of samples says: the middle, the least, and the spread, none of which an outlier moves far.
package struct SampleStatistics: Equatable, Sendable {
  package let median: Double
  package let minimum: Double
  /// The median of the samples' distances from the median.
  package let medianAbsoluteDeviation: Double

  /// - Precondition: there is a sample.
  package init(_ samples: [Double]) {
    precondition(!samples.isEmpty, "SampleStatistics: no samples")
    let middle = Self.median(of: samples)
    median = middle
    minimum = samples.min() ?? middle
    medianAbsoluteDeviation = Self.median(of: samples.map { abs($0 - middle) })
  }

  private static func median(of values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
