/// The matrices of `f32_winograd.h`, from the points.
struct WinogradMatrices: CustomStringConvertible {
  /// Outputs of a tile along an axis.
  let m: Int
  private let points: [Double]

  static let all = [
    WinogradMatrices(m: 2, points: [0, 1, -1]), WinogradMatrices(m: 4, points: [0, 0.625, -0.625, 1.5, -1.5]),
  ]

  var n: Int { m + 2 }
  var description: String { "\(m)x\(m)" }

  /// B', as the coefficients of polynomials with the points as roots.
  var window: [[Double]] {
    func coefficients(_ roots: [Double]) -> [Double] {
      roots.reduce([1]) { product, root in zip([0] + product, product + [0]).map { $0 - root * $1 } }
    }
    return points.map { point in coefficients(points.filter { $0 != point }) + [0] } + [coefficients(points)]
  }

  /// A', as powers of the points.
  var output: [[Double]] {
    (0..<m).map { row in
      points.map { point in (0..<row).reduce(1) { power, _ in power * point } } + [row == m - 1 ? 1 : 0]
    }
  }

  /// `matrix * middle * matrix'` and how far from it a right `Float` result may be.
  ///
  /// Along each axis no more than four roundings follow one another, and a term that is 0 is none: each element is off by at
  /// most `8 * eps / 2` of the sum of the terms' magnitudes, to first order, for which twice as much is allowed.
  static func transform(_ matrix: [[Double]], _ middle: [[Double]]) -> [[(value: Double, bound: Double)]] {
    matrix.map { left in
      matrix.map { right in
        var (sum, magnitude) = (0.0, 0.0)
        for (p, factor) in left.enumerated() where factor != 0 {
          for (q, other) in right.enumerated() where other != 0 {
            sum += factor * middle[p][q] * other
            magnitude += abs(factor * middle[p][q] * other)
          }
        }
        return (sum, 8 * Double(Float.ulpOfOne) * magnitude)
      }
    }
  }
}
