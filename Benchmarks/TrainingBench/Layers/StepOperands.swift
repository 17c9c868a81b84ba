import SparseKernels
import TensorCore

/// What a layer's step is given: activations and the gradient of its output.
struct StepOperands: Sendable {
  let problem: ConvProblem
  let input: Tensor
  let outputGradient: Tensor

  /// Random numbers in -1..<1, in memory as a tape's values have it: training's large pages are in the times.
  init(_ problem: ConvProblem, seed: UInt64, pool: TensorPool) {
    var generator = SeededGenerator(seed: seed)
    func random(_ shape: Shape) -> Tensor {
      Tensor(uninitialized: shape, pool: pool) { elements in
        for index in elements.indices { elements.initializeElement(at: index, to: generator.nextFloat(in: -1..<1)) }
      }
    }
    self.problem = problem
    input = random(problem.inputShape)
    outputGradient = random(problem.outputShape)
  }

  /// What a pass of the step is given.
  func operands(of pass: ConvPass) -> PassOperands {
    switch pass {
    case .forward: .forward(input: input)
    case .inputGradient: .inputGradient(outputGradient: outputGradient)
    case .weightGradient: .weightGradient(input: input, outputGradient: outputGradient)
    }
  }
}
