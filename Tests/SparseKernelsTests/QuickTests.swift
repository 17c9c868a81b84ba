import SparseKernels
import TensorCore
import Testing

@Test func kernelsAgreeOnOneProblem() throws {
  for line in [
    "mb2ic5ih7oc6oh7kh3ph1", "g2mb1ic4ih9oc6kh3sh2ph1", "g4mb3ic4ih6oc4kh3ph1dh1", "mb1ic8ih56oc16kh1",
    "mb2ic130ih5oc256kh3ph1",
  ] {
    let problem = try ConvProblem(benchdnn: line)
    var generator = SeededGenerator(seed: 1)
    let weights = try ConvWeights.random(for: problem, sparsity: 0.5, using: &generator)
    let input = Tensor.random(problem.inputShape, using: &generator)
    let context = ComputeContext(threadCount: 2)
    var want = Tensor(zeros: problem.outputShape)
    let epilogue = ConvEpilogue(bias: (0..<problem.outputChannels).map(Float.init), activation: .relu)
    try ReferenceConvKernel().prepare(problem, weights: weights).forward(
      input, into: &want, epilogue: epilogue, context: context)
    for kernel in ConvKernelList.all {
      var got = Tensor(repeating: .nan, shape: problem.outputShape)
      try kernel.prepare(problem, weights: weights).forward(input, into: &got, epilogue: epilogue, context: context)
      let worst = zip(got.values, want.values).map { abs($0 - $1) }.max() ?? 0
      #expect(worst < 1e-4, "\(kernel.name) \(line)")
    }
  }
}
