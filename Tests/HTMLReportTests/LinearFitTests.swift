import Testing

import HTMLReport

@Suite struct LinearFitTests {
  @Test func pointsOnALineGiveTheLine() throws {
    let fit = try #require(LinearFit([1e6, 2e6, 5e6].map { (x: $0, y: 0.25 + 3e-9 * $0) }))
    #expect(abs(fit.slope - 3e-9) < 1e-18 && abs(fit.intercept - 0.25) < 1e-12)
    #expect(abs((fit.rSquared ?? 0) - 1) < 1e-9)
    #expect(abs(fit.value(at: 3e6) - 0.259) < 1e-12)
  }

  @Test func aFitIsTheOneOfTheTextbook() throws {
    // Anscombe's first set: y = 3.00 + 0.500 x, R squared 0.67.
    let x: [Double] = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    let fit = try #require(LinearFit(zip(x, y).map { (x: $0, y: $1) }))
    #expect(abs(fit.slope - 0.50009) < 1e-5 && abs(fit.intercept - 3.00009) < 1e-5)
    #expect(abs((fit.rSquared ?? 0) - 0.66654) < 1e-5)
  }

  @Test func fewPointsExplainNothing() throws {
    #expect(LinearFit([]) == nil)
    #expect(LinearFit([(1, 2)]) == nil)
    #expect(LinearFit([(1, 2), (1, 3)]) == nil)
    let line = try #require(LinearFit([(1, 2), (2, 4)]))
    #expect(line.slope == 2 && line.intercept == 0 && line.rSquared == nil)
    #expect(LinearFit([(1, 2), (2, 2), (3, 2)])?.rSquared == 1)
  }
}
