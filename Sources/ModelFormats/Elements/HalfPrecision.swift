/// The bits of 16-bit floats as those of the `Float` of the same value; every one has such a `Float`.
///
/// By hand, since `Float16` does not exist on every platform, and so that the payload of a NaN survives.
enum HalfPrecision {
  /// Widens IEEE 754 half precision: 1 sign bit, 5 of exponent with bias 15, 10 of fraction.
  static func widenF16(_ half: UInt16) -> UInt32 {
    let sign = UInt32(half & 0x8000) << 16
    let exponent = UInt32(half >> 10 & 0x1F)
    let fraction = UInt32(half & 0x3FF)
    switch exponent {
    case 0x1F:
      return sign | 0x7F80_0000 | fraction << 13
    case 0 where fraction == 0:
      return sign
    case 0:
      // A subnormal, fraction * 2^-24, is normal as a Float: shift its highest bit to the place of the implied one.
      let shift = UInt32(fraction.leadingZeroBitCount) - 21
      return sign | (127 - 14 - shift) << 23 | (fraction << shift & 0x3FF) << 13
    default:
      return sign | (exponent + 127 - 15) << 23 | fraction << 13
    }
  }

  /// Widens a bfloat16, which is the upper half of a `Float`.
  static func widenBF16(_ half: UInt16) -> UInt32 {
    UInt32(half) << 16
  }
}
