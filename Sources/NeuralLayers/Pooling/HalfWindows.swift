/// Four windows of 2x2 side by side, for maxima.
struct HalfWindows {
  static let count = 4

  private typealias Vector = SIMD4<Float>

  /// By row and column.
  private let corners: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)

  /// Calls `body` with where to begin so that all windows of a row are covered, the last of them perhaps twice, which
  /// writes the same again.
  ///
  /// - Parameter windows: at least ``count``.
  @inline(__always)
  static func forEachStart(of windows: Int, _ body: (_ column: Int) -> Void) {
    var column = 0
    while column + count < windows {
      body(column)
      column += count
    }
    body(windows - count)
  }

  /// - Parameters:
  ///   - first: eight elements of the upper row.
  ///   - second: those below them.
  @inline(__always)
  init(_ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>) {
    let upper = UnsafeRawPointer(first).loadUnaligned(as: SIMD8<Float>.self)
    let lower = UnsafeRawPointer(second).loadUnaligned(as: SIMD8<Float>.self)
    corners = (upper.evenHalf, upper.oddHalf, lower.evenHalf, lower.oddHalf)
  }

  /// Writes the largest element of each window.
  @inline(__always)
  func largest(into destination: UnsafeMutablePointer<Float>) {
    var best = corners.0
    best.replace(with: corners.1, where: Self.wins(corners.1, best))
    best.replace(with: corners.2, where: Self.wins(corners.2, best))
    best.replace(with: corners.3, where: Self.wins(corners.3, best))
    UnsafeMutableRawPointer(destination).storeBytes(of: best, as: Vector.self)
  }

  /// Writes a gradient where the largest elements are, and 0 beside them.
  @inline(__always)
  func spread(
    _ gradient: UnsafePointer<Float>, into first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>
  ) {
    let gradient = UnsafeRawPointer(gradient).loadUnaligned(as: Vector.self)
    var best = corners.0
    let beaten1 = Self.wins(corners.1, best)
    best.replace(with: corners.1, where: beaten1)
    let beaten2 = Self.wins(corners.2, best)
    best.replace(with: corners.2, where: beaten2)
    let beaten3 = Self.wins(corners.3, best)
    Self.storeAlternating(
      gradient.replacing(with: 0, where: beaten1 .| beaten2 .| beaten3),
      Vector.zero.replacing(with: gradient, where: beaten1).replacing(with: 0, where: beaten2 .| beaten3), first)
    Self.storeAlternating(
      Vector.zero.replacing(with: gradient, where: beaten2).replacing(with: 0, where: beaten3),
      Vector.zero.replacing(with: gradient, where: beaten3), second)
  }

  /// A later element wins if it is larger or NaN.
  @inline(__always)
  private static func wins(_ next: Vector, _ best: Vector) -> SIMDMask<SIMD4<Int32>> {
    (next .> best) .| (next .!= next)
  }

  @inline(__always)
  private static func storeAlternating(_ even: Vector, _ odd: Vector, _ destination: UnsafeMutablePointer<Float>) {
    var both = SIMD8<Float>()
    both.evenHalf = even
    both.oddHalf = odd
    UnsafeMutableRawPointer(destination).storeBytes(of: both, as: SIMD8<Float>.self)
  }
}
