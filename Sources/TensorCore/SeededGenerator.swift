/// A random number generator that gives the same numbers for the same seed on every machine.
///
/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
/// <https://doi.org/10.1145/2660193.2660195>. For tests, benchmarks and initial weights, not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates a generator; equal seeds give equal sequences.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// The next number in 0..<1, with 24 random bits.
  public mutating func nextUnit() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  /// The next number in `lower..<upper`, spread evenly to within rounding.
  ///
  /// - Precondition: the range is not empty.
  public mutating func nextFloat(in range: Range<Float>) -> Float {
    precondition(!range.isEmpty, "SeededGenerator: range \(range) is empty")
    let value = range.lowerBound + (range.upperBound - range.lowerBound) * nextUnit()
    return min(value, range.upperBound.nextDown)
  }

  /// The next integer in 0..<`bound`, by Lemire's multiplication (the bias, below `bound / 2^64`, is let stand).
  ///
  /// - Precondition: `bound > 0`.
  public mutating func nextIndex(below bound: Int) -> Int {
    precondition(bound > 0, "SeededGenerator: bound \(bound), expected more than 0")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
