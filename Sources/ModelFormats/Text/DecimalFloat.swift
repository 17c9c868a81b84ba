/// The `Float` nearest to a decimal number, for nearly all numbers by one multiplication.
enum DecimalFloat {
  /// Digits are taken into a mantissa while it is less than this, so that it always fits in an `Int64`.
  static let mantissaLimit: Int64 = 100_000_000_000_000_000

  /// The powers of ten that ``nearest(mantissa:exponent:powers:)`` needs.
  static let powers: [Double] = (-largestExponent...largestExponent).map { Double("1e\($0)") ?? .nan }

  private static let largestExponent = 64

  /// The `Float` nearest to `mantissa * 10^exponent`, ties to even, or nil where one multiplication cannot tell.
  ///
  /// The product in `Double` is off by three roundings (of the mantissa, of the power, of their product) and by the
  /// digits that ``mantissaLimit`` kept out of the mantissa, together by less than four units in its last place. Where
  /// it is further than that from the middle between two `Float`s, it rounds as the decimal number itself would.
  ///
  /// - Parameters:
  ///   - mantissa: the number's first digits, zero or more.
  ///   - powers: the elements of ``powers``, which the caller looks up once for many numbers.
  @inline(__always)
  static func nearest(mantissa: Int64, exponent: Int, powers: UnsafeBufferPointer<Double>) -> Float? {
    if mantissa == 0 { return 0 }
    guard exponent >= -largestExponent, exponent <= largestExponent else { return nil }
    let product = Double(mantissa) * powers[exponent + largestExponent]
    // Below the normal numbers a Float has fewer bits, and the middles lie elsewhere.
    guard product > 1.2e-38, product < 3.4e38 else { return nil }
    let tail = Int64(product.bitPattern & 0x1FFF_FFFF)
    return abs(tail - 0x1000_0000) > 8 ? Float(product) : nil
  }
}
