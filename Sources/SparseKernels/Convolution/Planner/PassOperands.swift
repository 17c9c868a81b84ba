import TensorCore

/// What kernels are given in a pass, to be verified and timed on.
package enum PassOperands: Sendable {
  case forward(input: Tensor)
  case inputGradient(outputGradient: Tensor)
  case weightGradient(input: Tensor, outputGradient: Tensor)

  /// Random numbers in -1..<1, the same for a seed in every run.
  package init(_ pass: ConvPass, problem: ConvProblem, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func random(_ shape: Shape) -> Tensor { .random(shape, using: &generator) }
    switch pass {
    case .forward: self = .forward(input: random(problem.inputShape))
    case .inputGradient: self = .inputGradient(outputGradient: random(problem.outputShape))
    case .weightGradient:
      let input = random(problem.inputShape)
      self = .weightGradient(input: input, outputGradient: random(problem.outputShape))
    }
  }

  /// The shape of what the pass computes. A weight gradient has one element per stored weight.
  package func resultShape(_ problem: ConvProblem, nnz: Int) -> Shape {
    switch self {
    case .forward: problem.outputShape
    case .inputGradient: problem.inputShape
    case .weightGradient: [nnz]
    }
  }

  /// The call that a prepared kernel does on these; nil for a gradient where the kernel computes forward only.
  package func call(of prepared: any PreparedConv) -> PassCall? {
    switch self {
    case .forward(let input): .forward(prepared, input: input)
    case .inputGradient(let outputGradient):
      prepared.gradients.map { .inputGradient($0, outputGradient: outputGradient) }
    case .weightGradient(let input, let outputGradient):
      prepared.gradients.map { .weightGradient($0, input: input, outputGradient: outputGradient) }
    }
  }
}
