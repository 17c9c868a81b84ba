import Optimizers
import TensorCore
import Testing

struct GradientNormTests {
  private func norm(_ gradients: [[Float]]) -> GradientNorm {
    gradients.reduce(into: GradientNorm()) { norm, gradient in gradient.withUnsafeBufferPointer { norm.add($0) } }
  }

  @Test func theNormIsThatOfAllGradientsTogether() {
    #expect(norm([]).value == 0)
    #expect(norm([[], [3], [], [4]]).value == 5)
    // Whole numbers: every order of summation is exact.
    for count in [1, 7, 8, 9, 31, 1000] {
      let gradient = (0..<count).map { Float($0 - 5) }
      #expect(norm([gradient, gradient]).sumOfSquares == 2 * gradient.reduce(0) { $0 + Double($1) * Double($1) })
    }
    // In Float the square would be infinite, or nothing.
    #expect(norm([[1e30, -1e30]]).value > 1.4e30)
    #expect(norm([[1e-30]]).value > 0.9e-30)
  }

  @Test func clippingBringsTheNormToTheLimitAndLeavesShorterOnesAlone() {
    var gradients: [[Float]] = [[30, 0, 0], [0, -40]]
    let factor = norm(gradients).clippingFactor(limit: 5)
    for index in gradients.indices {
      gradients[index].withUnsafeMutableBufferPointer { GradientNorm.scale($0, by: factor) }
    }
    // The 1e-6 in the formula, and a rounding or two.
    #expect(abs(norm(gradients).value - 5) < 1e-6)
    #expect(norm(gradients).value <= 5)
    #expect(norm(gradients).clippingFactor(limit: 6) == 1)
    #expect(norm([[0]]).clippingFactor(limit: 1) == 1)
  }

  @Test func aNormThatIsNotFiniteIsReportedAndLeftAlone() {
    #expect(norm([[1, .nan]]).value.isNaN)
    #expect(norm([[1], [.infinity]]).value == .infinity)
    #expect(norm([[1, .nan]]).clippingFactor(limit: 1) == 1)
    #expect(norm([[-.infinity]]).clippingFactor(limit: 1) == 1)
  }

  @Test func sumsOfPiecesAddUp() {
    var pieces = GradientNorm()
    pieces.add(sumOfSquares: 9)
    pieces.add(sumOfSquares: 16)
    #expect(pieces.value == 5)
  }
}
