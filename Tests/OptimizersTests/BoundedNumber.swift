/// A number in Double with a bound on how far a computation in Float may be from it: running error analysis (Higham,
/// "Accuracy and stability of numerical algorithms", section 3.3).
///
/// Each operation adds one rounding to Float and what the operands' errors do to its result. The rounding is taken as
/// 2^-23, twice what it is, which covers the products of errors that are left out.
struct BoundedNumber {
  static let rounding = Double(Float.ulpOfOne)

  var value: Double
  var error: Double

  /// A number that Float has to round.
  init(_ value: Double) {
    self.value = value
    error = abs(value) * Self.rounding
  }

  /// A number that Float has.
  init(exactly value: Float) {
    self.value = Double(value)
    error = 0
  }

  private init(_ value: Double, error: Double) {
    self.value = value
    // The last term is the least number above zero, for results so small that roundings are no longer relative.
    self.error = error + abs(value) * Self.rounding + Double(Float.leastNonzeroMagnitude)
  }

  static func + (left: Self, right: Self) -> Self {
    Self(left.value + right.value, error: left.error + right.error)
  }

  static func - (left: Self, right: Self) -> Self {
    Self(left.value - right.value, error: left.error + right.error)
  }

  static func * (left: Self, right: Self) -> Self {
    Self(left.value * right.value, error: left.error * abs(right.value) + abs(left.value) * right.error)
  }

  static func / (left: Self, right: Self) -> Self {
    let quotient = left.value / right.value
    return Self(quotient, error: (left.error + abs(quotient) * right.error) / abs(right.value))
  }

  func squareRoot() -> Self {
    let root = max(value, 0).squareRoot()
    return Self(root, error: root == 0 ? error.squareRoot() : error / (2 * root))
  }

  func allows(_ number: Float) -> Bool {
    abs(Double(number) - value) <= error
  }
}
