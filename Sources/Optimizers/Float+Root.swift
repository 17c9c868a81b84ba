extension Float {
  /// The root of a sum of squares. Of a number that may be negative the compiler makes a branch and a call, since C's
  /// `sqrtf` sets `errno`, and then no vectors; the sign bit cleared, which it is already, it makes one instruction.
  @inline(__always)
  var vectorizableRoot: Float { magnitude.squareRoot() }
}
