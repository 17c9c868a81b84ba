import SparseKernels
import TensorCore
import TestSupport
import Testing

/// The products on their own, without a convolution.
@Suite struct SpMMTests {
  /// A product and its sizes: around tiles, blocks of columns (320) and panels.
  static let sizes: [(rows: Int, columns: Int, count: Int)] = [
    (1, 1, 1), (1, 7, 3), (5, 1, 16), (8, 8, 8), (9, 17, 15), (33, 40, 17), (16, 319, 9), (7, 320, 33), (12, 321, 2),
    (64, 641, 65), (3, 1000, 1), (130, 5, 300),
  ]

  private func expected(_ matrix: CSRMatrix, _ dense: Tensor) -> [Double] {
    let count = dense.shape[1]
    let values = dense.values
    return (0..<matrix.rows).flatMap { row in
      (0..<count).map { column in
        matrix.pattern.entries(ofRow: row).reduce(0.0) {
          $0 + Double(matrix.values[$1]) * Double(values[Int(matrix.columnIndices[$1]) * count + column])
        }
      }
    }
  }

  private func multiply(
    _ product: any SpMMProduct, _ matrix: CSRMatrix, _ dense: Tensor, threadCount: Int = 1
  ) throws -> Tensor {
    var output = Tensor(repeating: .nan, shape: [matrix.rows, dense.shape[1]])
    try product.prepare(matrix).multiply(dense, into: &output, context: ComputeContext(threadCount: threadCount))
    return output
  }

  @Test(arguments: SpMMProductList.all.map(\.name), WeightPattern.allCases)
  func integersAreExact(name: String, pattern: WeightPattern) throws {
    let product = try #require(SpMMProductList.all.first { $0.name == name })
    var generator = SeededGenerator(seed: 21)
    for size in Self.sizes {
      let matrix = try pattern.integers(rows: size.rows, columns: size.columns, using: &generator)
      let dense = Tensor.randomIntegers([size.columns, size.count], magnitude: 8, using: &generator)
      let got = try multiply(product, matrix, dense)
      #expect(got.values.map(Double.init) == expected(matrix, dense), "\(name), \(pattern), \(size)")
      for threadCount in [2, 3] {
        #expect(try multiply(product, matrix, dense, threadCount: threadCount) == got, "\(name), \(pattern), \(size)")
      }
    }
  }

  @Test(arguments: SpMMProductList.all.map(\.name))
  func randomNumbersAreWithinTheirBound(name: String) throws {
    let product = try #require(SpMMProductList.all.first { $0.name == name })
    var generator = SeededGenerator(seed: 22)
    for size in Self.sizes {
      let matrix = try CSRMatrix.random(rows: size.rows, columns: size.columns, sparsity: 0.3, using: &generator)
      let dense = Tensor.random([size.columns, size.count], using: &generator)
      let got = try multiply(product, matrix, dense)
      let want = expected(matrix, dense)
      for index in want.indices {
        // The rounding of k products and sums in Float of numbers up to 1, as in OutputComparison.
        let terms = matrix.pattern.entries(ofRow: index / size.count).count
        let bound = 2 * Double(Float.ulpOfOne) * Double(terms + 1)
        #expect(abs(Double(got.values[index]) - want[index]) <= bound, "\(name), \(size), element \(index)")
      }
    }
  }

  @Test(arguments: SpMMProductList.all.map(\.name), [Float.infinity, .nan])
  func whatIsNotStoredContributesNothing(name: String, poison: Float) throws {
    let product = try #require(SpMMProductList.all.first { $0.name == name })
    let matrix = try CSRMatrix(
      rows: 3, columns: 4, rowOffsets: [0, 1, 1, 3], columnIndices: [2, 0, 2], values: [2, 3, 4])
    let dense = Tensor([1, 2, poison, poison, 5, 6, poison, poison], shape: [4, 2])
    let want = Tensor([10, 12, 0, 0, 23, 30], shape: [3, 2])
    #expect(try multiply(product, matrix, dense) == want)
  }

  @Test(arguments: SpMMProductList.all.map(\.name))
  func emptyMatricesAreFine(name: String) throws {
    let product = try #require(SpMMProductList.all.first { $0.name == name })
    for (rows, columns, count) in [(0, 3, 2), (3, 0, 2), (3, 2, 0), (0, 0, 0)] {
      let matrix = try CSRMatrix(
        rows: rows, columns: columns, rowOffsets: Array(repeating: 0, count: rows + 1), columnIndices: [], values: [])
      let dense = Tensor(repeating: 1, shape: [columns, count])
      #expect(try multiply(product, matrix, dense) == Tensor(zeros: [rows, count]), "\(name), \(rows) x \(columns)")
    }
  }

  @Test func namesAreThoseOfTheKernels() {
    let kernels = Set(ConvKernelList.all.map(\.name))
    #expect(SpMMProductList.all.allSatisfy { kernels.contains($0.name) })
  }
}
