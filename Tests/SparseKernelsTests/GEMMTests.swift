import SparseKernels
import TensorCore
import Testing

@Suite struct GEMMTests {
  /// Around the blocks of 256 rows and 512 columns in which the work is cut; the last leaves sgemm a lone column.
  static let sizes = [
    (1, 1, 1), (3, 5, 7), (8, 8, 8), (17, 1, 33), (1, 100, 1), (255, 3, 511), (256, 2, 512), (257, 4, 513),
    (258, 4200, 49),
  ]

  private func expected(_ a: Tensor, _ b: Tensor) -> [Float] {
    let (rows, depth, columns) = (a.shape[0], a.shape[1], b.shape[1])
    let (left, right) = (a.values, b.values)
    var c = [Float](repeating: 0, count: rows * columns)
    for i in 0..<rows {
      for j in 0..<columns {
        var sum = 0.0
        for k in 0..<depth { sum += Double(left[i * depth + k]) * Double(right[k * columns + j]) }
        c[i * columns + j] = Float(sum)
      }
    }
    return c
  }

  @Test(arguments: sizes, [1, 2, 3])
  func integersAreExact(size: (Int, Int, Int), threadCount: Int) {
    var generator = SeededGenerator(seed: 31)
    let a = Tensor.randomIntegers([size.0, size.1], magnitude: 8, using: &generator)
    let b = Tensor.randomIntegers([size.1, size.2], magnitude: 8, using: &generator)
    var c = Tensor(repeating: .nan, shape: [size.0, size.2])
    GEMM.multiply(a, b, into: &c, context: ComputeContext(threadCount: threadCount))
    #expect(c.values == expected(a, b))
  }

  @Test func anEmptySumIsZero() {
    var c = Tensor(repeating: .nan, shape: [2, 3])
    GEMM.multiply(Tensor(zeros: [2, 0]), Tensor(zeros: [0, 3]), into: &c, context: ComputeContext())
    #expect(c == Tensor(zeros: [2, 3]))
  }
}
