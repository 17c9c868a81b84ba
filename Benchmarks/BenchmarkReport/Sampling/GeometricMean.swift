import Foundation

extension Collection<Double> {
  /// The mean of ratios, of which 2 and 0.5 balance; nil of nothing.
  package var geometricMean: Double? {
    isEmpty ? nil : exp(reduce(0) { $0 + log($1) } / Double(count))
  }
}
