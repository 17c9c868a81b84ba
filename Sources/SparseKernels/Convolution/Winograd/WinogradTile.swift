/// The two sizes of output tiles, with the matrices of their transforms.
///
/// `F(2x2, 3x3)` computes 4 outputs with 16 products instead of 36, `F(4x4, 3x3)` 16 with 36 instead of 144. Along one axis,
/// three weights and ``inputs`` inputs are each evaluated, as polynomials, at ``points`` and at infinity, multiplied there, and
/// ``outputs`` outputs interpolated:
///
///     output = A' ((G weights) * (B' inputs))
enum WinogradTile: Int, CaseIterable, Sendable {
  case two = 2
  case four = 4

  /// Rows and columns of outputs.
  var outputs: Int { rawValue }

  /// Rows and columns of inputs that a tile sees, and of the elements that are multiplied.
  var inputs: Int { rawValue + 2 }

  /// The elements that are multiplied: each is a matrix product of its own.
  var positions: Int { inputs * inputs }

  /// Where polynomials are evaluated, besides infinity.
  ///
  /// Those of `four` are nearer to 1 than the usual 1 and 2, so that powers are neither large nor small and less cancels: the
  /// error is a quarter. Their powers are exact in float.
  var points: [Double] {
    switch self {
    case .two: [0, 1, -1]
    case .four: [0, 0.625, -0.625, 1.5, -1.5]
    }
  }

  /// `G`, ``inputs`` rows of three: the powers of a point over its distances from the others.
  var weightMatrix: [[Double]] {
    let rows = points.map { point in
      let distances = points.filter { $0 != point }.reduce(1) { $0 * (point - $1) }
      return [1, point, point * point].map { $0 / distances }
    }
    return rows + [[0, 0, 1]]
  }

  /// `B'`, ``inputs`` rows: the coefficients of the polynomial that is 0 at all points but one, and last at all.
  var windowMatrix: [[Double]] {
    let rows = points.map { point in Self.coefficients(roots: points.filter { $0 != point }) + [0] }
    return rows + [Self.coefficients(roots: points)]
  }

  /// `A'`, ``outputs`` rows: the powers of the points, and of infinity the highest only.
  var outputMatrix: [[Double]] {
    (0..<outputs).map { power in
      points.map { point in (0..<power).reduce(1) { product, _ in product * point } } + [power == outputs - 1 ? 1 : 0]
    }
  }

  /// How much larger what is rounded can be than the products of weights and inputs: ``PreparedConv/errorGrowth``.
  ///
  /// Along one axis, weight `v` reaches output `i` by way of the elements `p`, as `A'[i][p] * G[p][v]` times the sum of inputs
  /// of which row `p` of `B'` has the factors: together at most `sum over p of |A'[i][p]| * |G[p][v]| * sum over q of
  /// |B'[p][q]|` in magnitude, for inputs up to 1. The two axes multiply.
  var errorGrowth: Float {
    let (weights, sums) = (weightMatrix, windowMatrix.map { row in row.reduce(0) { $0 + abs($1) } })
    var largest = 0.0
    for row in outputMatrix {
      for v in 0..<3 {
        largest = max(largest, (0..<inputs).reduce(0) { $0 + abs(row[$1] * weights[$1][v]) * sums[$1] })
      }
    }
    return Float(largest * largest)
  }

  /// The coefficients of the product of `x - root` over some roots, the constant one first.
  private static func coefficients(roots: [Double]) -> [Double] {
    roots.reduce([1]) { product, root in zip([0] + product, product + [0]).map { $0 - root * $1 } }
  }
}
