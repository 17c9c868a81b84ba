/// The straight line with the least sum of squared vertical distances from points.
package struct LinearFit: Equatable, Sendable {
  package let slope: Double
  package let intercept: Double
  /// The share of the points' variance that the line explains; nil where two points leave it nothing to explain.
  package let rSquared: Double?

  package init(slope: Double, intercept: Double, rSquared: Double?) {
    self.slope = slope
    self.intercept = intercept
    self.rSquared = rSquared
  }

  package func value(at x: Double) -> Double { intercept + slope * x }
}

extension LinearFit {
  /// - Returns: nil where there are not two points beside each other.
  package init?(_ points: [(x: Double, y: Double)]) {
    let count = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.x } / count
    let meanY = points.reduce(0) { $0 + $1.y } / count
    // From the means, as sums of large squares would cancel.
    let xx = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    let xy = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
    guard points.count > 1, xx > 0 else { return nil }
    let line = (slope: xy / xx, intercept: meanY - xy / xx * meanX)
    (slope, intercept) = line
    let yy = points.reduce(0) { $0 + ($1.y - meanY) * ($1.y - meanY) }
    let rest = points.reduce(0) { sum, point in
      let distance = point.y - (line.intercept + line.slope * point.x)
      return sum + distance * distance
    }
    rSquared = points.count > 2 ? (yy > 0 ? 1 - rest / yy : 1) : nil
  }
}
