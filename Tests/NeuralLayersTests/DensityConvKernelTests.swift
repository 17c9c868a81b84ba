import NeuralLayers
import SparseKernels
import TensorCore
import Testing

@Suite struct DensityConvKernelTests {
  @Test(arguments: [0.0, 0.3, 0.41, 0.9, 1.0])
  func theDensityDecidesAndTheResultIsTheSame(_ sparsity: Double) throws {
    let problem = try ConvProblem(
      batch: 2, inputChannels: 5, outputChannels: 7, inputSize: Size2D(6), kernelSize: Size2D(3), padding: Padding2D(1))
    var generator = SeededGenerator(seed: 2)
    let matrix = try CSRMatrix.random(
      rows: 7, columns: problem.weightsPerOutputChannel, sparsity: sparsity, using: &generator)
    // Integers, so that sums are exact and the kernels must agree.
    let weights = ConvWeights(
      CSRMatrix(uncheckedPattern: matrix.pattern, values: matrix.values.map { ($0 * 4).rounded() }))
    let input = Tensor.randomIntegers(problem.inputShape, magnitude: 4, using: &generator)
    let kernel = DensityConvKernel()
    #expect(kernel.support(for: problem) == .supported)
    let context = ComputeContext()
    var outputs: [[Float]] = []
    for kernel in [kernel, DenseConvKernel(), DirectConvKernel()] as [any ConvKernel] {
      var output = Tensor(zeros: problem.outputShape)
      try kernel.prepare(problem, weights: weights).forward(input, into: &output, context: context)
      outputs.append(output.values)
    }
    #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
    let prepared = try kernel.prepare(problem, weights: weights)
    let expected: any ConvKernel = matrix.pattern.density > kernel.threshold ? DenseConvKernel() : DirectConvKernel()
    #expect(try prepared.weightByteCount == expected.prepare(problem, weights: weights).weightByteCount)
    #expect(prepared.gradients?.nnz == matrix.nnz)
  }
}
