extension Lanes {
  /// The exponential function to about one unit in the last place; 0 below -104, infinity above 88.8, NaN of NaN.
  ///
  /// `exp(x) = 2^n * exp(r)`, where `n` is the nearest integer to `x / ln 2` and `|r| <= ln 2 / 2`. The subtraction takes
  /// `ln 2` in two parts, of which the first has so few bits that its products are exact (Cody and Waite, "Software manual
  /// for the elementary functions", 1980); `exp(r)` is a polynomial as in Moshier's Cephes.
  @inline(__always)
  static func exponential(of x: Lanes) -> Lanes {
    // NaN goes through both comparisons.
    let inside = x.replacing(with: 89, where: x .> 89).replacing(with: -104, where: x .< -104)
    let scaled = inside * 1.442_695_04
    // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer.
    let power = (scaled + 0x1.8p23) - 0x1.8p23
    let rest = (inside - power * 0.693_359_375) + power * 2.121_944_4e-4
    var sum = rest * 1.987_569_2e-4 + 1.398_199_9e-3
    sum = sum * rest + 8.333_452e-3
    sum = sum * rest + 4.166_579_6e-2
    sum = sum * rest + 1.666_666_5e-1
    sum = sum * rest + 0.5
    sum = (sum * rest) * rest + rest + 1
    // Two steps reach the subnormal numbers and infinity, each by a power that is a normal float.
    let integer = (scaled + 0x1.8p23).bits &- 0x4B40_0000
    let half = integer &>> 1
    return sum * powerOfTwo(half) * powerOfTwo(integer &- half)
  }

  /// `1 / (1 + exp(-x))`.
  @inline(__always)
  static func logistic(of x: Lanes) -> Lanes { 1 / (1 + exponential(of: -x)) }

  private var bits: SIMD8<Int32> { unsafeBitCast(self, to: SIMD8<Int32>.self) }

  @inline(__always)
  private static func powerOfTwo(_ exponent: SIMD8<Int32>) -> Lanes {
    unsafeBitCast((exponent &+ 127) &<< 23, to: Lanes.self)
  }
}
