import Testing

@testable import SparseKernels

/// The matrices of the transforms, and the bound that follows from them.
@Suite struct WinogradTileTests {
  /// Along one axis: outputs by way of the transforms are those of the formula.
  @Test(arguments: WinogradTile.allCases)
  func transformsMakeACorrelation(tile: WinogradTile) {
    func times(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
      matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let weights = [0.75, -2, 1.25]
    let inputs = (0..<tile.inputs).map { Double($0 * $0 % 7) - 2.5 }
    let products = zip(times(tile.weightMatrix, weights), times(tile.windowMatrix, inputs)).map { $0 * $1 }
    let outputs = times(tile.outputMatrix, products)
    #expect(outputs.count == tile.outputs)
    for (x, output) in outputs.enumerated() {
      let expected = (0..<3).reduce(0) { $0 + weights[$1] * inputs[x + $1] }
      #expect(abs(output - expected) < 1e-14, "output \(x)")
    }
  }

  /// What `f32_winograd.h` has; float holds it exactly.
  @Test func matricesAreThoseOfTheMicroKernels() {
    #expect(WinogradTile.two.windowMatrix == [[-1, 0, 1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]])
    #expect(WinogradTile.two.outputMatrix == [[1, 1, 1, 0], [0, 1, -1, 1]])
    let (a, b) = (0.625, 1.5)
    let (aa, bb) = (a * a, b * b)
    let window = WinogradTile.four.windowMatrix
    #expect(window[0] == [aa * bb, 0, -aa - bb, 0, 1, 0] && window[5] == [0, aa * bb, 0, -aa - bb, 0, 1])
    #expect(window[1] == [0, -a * bb, -bb, a, 1, 0] && window[4] == [0, aa * b, -aa, -b, 1, 0])
    #expect(WinogradTile.four.outputMatrix[3] == [0, a * aa, -a * aa, b * bb, -b * bb, 1])
    for tile in WinogradTile.allCases {
      for element in (tile.windowMatrix + tile.outputMatrix).joined() { #expect(Double(Float(element)) == element) }
    }
  }

  @Test func errorsGrowByTheNormsOfTheMatrices() {
    #expect(WinogradTile.two.errorGrowth == 16)
    #expect(abs(WinogradTile.four.errorGrowth - 175.4) < 0.1)
  }
}
