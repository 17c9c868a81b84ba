import CMicroKernels

/// Which parts of an epilogue there are.
struct Epilogue: CustomStringConvertible {
  let hasBias: Bool
  let hasResidual: Bool
  let lower: Float
  let upper: Float

  /// With and without each part, and one bound or both.
  static let all = [false, true].flatMap { hasBias in
    [false, true].flatMap { hasResidual in
      [(-Float.infinity, Float.infinity), (0, .infinity), (-2, 3)].map { lower, upper in
        Epilogue(hasBias: hasBias, hasResidual: hasResidual, lower: lower, upper: upper)
      }
    }
  }

  /// Every part.
  static let full = Epilogue(hasBias: true, hasResidual: true, lower: -2, upper: 3)

  var description: String {
    (hasBias ? "bias, " : "") + (hasResidual ? "residual, " : "") + "bounds \(lower) and \(upper)"
  }

  /// The formula of f32_epilogue.h, for an exact sum or one in the precision of the kernels.
  func finished<Number: BinaryFloatingPoint>(_ sum: Number, bias: Float?, residual: Float?) -> Number {
    var sum = sum
    if let bias { sum += Number(bias) }
    if let residual { sum += Number(residual) }
    if sum.isNaN { return sum }
    return sum < Number(lower) ? Number(lower) : sum > Number(upper) ? Number(upper) : sum
  }
}
