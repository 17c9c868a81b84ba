/// The two sizes of output tiles, with the matrices of their transforms.
///
/// `F(2x2, 3x3)` computes 4 outputs with 16 products instead of 36, `F(4x4, 3x3)` 16 with 36 instead of 144. The matrices
/// `B'` and `A'` stand in `f32_winograd.h`.
enum WinogradTile: Int, CaseIterable, Sendable {
  case two = 2
  case four = 4

  /// Rows and columns of outputs.
  var outputs: Int { rawValue }

  /// Rows and columns of inputs that a tile sees, and of the elements that are multiplied.
  var inputs: Int { rawValue + 2 }

  /// The elements that are multiplied: each is a matrix product of its own.
  var positions: Int { inputs * inputs }

  /// The points of `F(4x4)`, besides 0 and infinity, with either sign. Nearer to 1 than the usual 1 and 2: sums of powers
  /// cancel less, and the error is a quarter.
  private static let near = 0.625
  private static let far = 1.5

  /// `G`, by rows: three weights to ``inputs`` elements.
  var weightMatrix: [[Double]] {
    switch self {
    case .two: return [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]
    case .four:
      let (a, b) = (Self.near * Self.near, Self.far * Self.far)
      func row(_ point: Double, _ divisor: Double) -> [Double] { [1, point, point * point].map { $0 / divisor } }
      return [
        row(0, a * b), row(Self.near, 2 * a * (a - b)), row(-Self.near, 2 * a * (a - b)),
        row(Self.far, 2 * b * (b - a)), row(-Self.far, 2 * b * (b - a)), [0, 0, 1],
      ]
    }
  }

  /// The sum of magnitudes in each row of `B'`.
  private var windowNorms: [Double] {
    switch self {
    case .two: return [2, 2, 2, 2]
    case .four:
      let (a, b) = (Self.near, Self.far)
      let ends = a * a * b * b + a * a + b * b + 1
      let (ofNear, ofFar) = (a * b * b + b * b + a + 1, a * a * b + a * a + b + 1)
      return [ends, ofNear, ofNear, ofFar, ofFar, ends]
    }
  }

  /// The magnitudes of `A'`, by rows.
  private var outputMagnitudes: [[Double]] {
    switch self {
    case .two: return [[1, 1, 1, 0], [0, 1, 1, 1]]
    case .four:
      return (0..<outputs).map { row in
        func power(_ point: Double) -> Double { (0..<row).reduce(1) { power, _ in power * point } }
        let (near, far) = (power(Self.near), power(Self.far))
        return [row == 0 ? 1 : 0, near, near, far, far, row == outputs - 1 ? 1 : 0]
      }
    }
  }

  /// How much larger what is rounded can be than the products of weights and inputs: ``PreparedConv/errorGrowth``.
  ///
  /// Along one axis, a weight `v` reaches output `i` by way of the elements `p`, with `A'[i][p] * G[p][v]` times a sum of
  /// inputs of which row `p` of `B'` has the factors: in magnitude, at most `sum over p of |A'[i][p]| * |G[p][v]| * ‖B'[p]‖`
  /// times the largest input, where `‖ ‖` is the sum of magnitudes. Both axes multiply.
  var errorGrowth: Float {
    var largest = 0.0
    for magnitudes in outputMagnitudes {
      for v in 0..<3 {
        let terms = (0..<inputs).map { magnitudes[$0] * abs(weightMatrix[$0][v]) * windowNorms[$0] }
        largest = max(largest, terms.reduce(0, +))
      }
    }
    return Float(largest * largest)
  }
}
