import SparseKernels
import TensorCore
import Testing

struct ConvWeightsTests {
  @Test func columnsAreInputChannelThenRowThenColumnOfTheKernel() throws {
    let (kernelHeight, kernelWidth) = (2, 3)
    let problem = try ConvProblem(
      groups: 2, inputChannels: 8, outputChannels: 6, inputSize: Size2D(9),
      kernelSize: Size2D(height: kernelHeight, width: kernelWidth))
    let shape = problem.weightShape
    #expect(shape == [6, 4, 2, 3])
    // Every element is another number, so that no two columns can be exchanged unseen.
    let oihw = Tensor((0..<shape.elementCount).map { Float($0 + 1) }, shape: shape)
    let weights = try ConvWeights(oihw: oihw)
    #expect(weights.matrix.rows == 6 && weights.matrix.columns == 24)
    for o in 0..<6 {
      for i in 0..<4 {
        for y in 0..<kernelHeight {
          for x in 0..<kernelWidth {
            #expect(weights.matrix[o, (i * kernelHeight + y) * kernelWidth + x] == oihw[o, i, y, x])
          }
        }
      }
    }
    #expect(weights.oihw(for: problem) == oihw)
  }

  @Test func aSparseTensorComesBackAsItWas() throws {
    var generator = SeededGenerator(seed: 1)
    for line in ["mb1ic3ih7oc5kh3", "g3mb1ic3ih7oc6kh3kw1", "mb1ic4ih1oc1kh1", "g2mb1ic4ih9oc4kh5kw2"] {
      let problem = try ConvProblem(benchdnn: line)
      let oihw = Tensor.random(problem.weightShape, using: &generator).magnitudePruned(sparsity: 0.6)
      let weights = try ConvWeights(oihw: oihw)
      try weights.matrix.checkInvariants()
      #expect(weights.matrix.nnz == oihw.values.count { $0 != 0 })
      #expect(weights.oihw(for: problem) == oihw, "\(problem)")
    }
  }

  @Test func thresholdDropsSmallWeights() throws {
    let oihw = Tensor([0.1, -0.2, 0.3, -0.4], shape: [2, 2, 1, 1])
    #expect(try ConvWeights(oihw: oihw, threshold: 0.25).matrix.values == [0.3, -0.4])
  }

  @Test func randomWeightsFitTheProblemAndItsSparsity() throws {
    let problem = try ConvProblem(benchdnn: "g2mb1ic8ih9oc6kh3kw2")
    var generator = SeededGenerator(seed: 2)
    var again = SeededGenerator(seed: 2)
    for (sparsity, nnz) in [(0.0, 144), (0.5, 72), (0.9, 14), (1.0, 0)] {
      let weights = try ConvWeights.random(for: problem, sparsity: sparsity, using: &generator)
      #expect(weights.matrix.rows == 6 && weights.matrix.columns == 24)
      #expect(weights.matrix.nnz == nnz)
      #expect(weights.matrix == (try ConvWeights.random(for: problem, sparsity: sparsity, using: &again).matrix))
    }
  }

  @Test func weightsBeyondInt32AreRefused() throws {
    let problem = try ConvProblem(
      inputChannels: 1 << 20, outputChannels: 1, inputSize: Size2D(64), kernelSize: Size2D(64))
    var generator = SeededGenerator(seed: 3)
    #expect(throws: SparseMatrixError.tooLarge("columns", count: 1 << 32)) {
      try ConvWeights.random(for: problem, sparsity: 1, using: &generator)
    }
  }
}
