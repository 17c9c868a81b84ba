import BenchmarkReport
import SparseKernels
import TensorCore

/// A convolution in training: prepared, verified, and collecting samples of its step.
///
/// A class, since a copy of a prepared convolution would make every repacking copy its weights first.
final class LayerContender {
  let kernelName: String
  let weights: ConvWeights
  let side: LayerSide
  let errors: PassErrors
  private(set) var samples: [StepSample] = []
  /// The time that went into timed and warming steps.
  private(set) var secondsSpent = 0.0

  private var conv: any PreparedConv
  private var weightGradient: [Float]

  init(kernelName: String, side: LayerSide, weights: ConvWeights, conv: any PreparedConv, errors: PassErrors) {
    self.kernelName = kernelName
    self.side = side
    self.weights = weights
    self.conv = conv
    self.errors = errors
    weightGradient = Array(repeating: 0, count: weights.matrix.nnz)
  }

  /// Takes the samples of a burst.
  func takeSamples(_ burst: Burst, operands: StepOperands, results: StepResults, context: ComputeContext) throws {
    var warming = 0.0
    if burst.warmsUp(lastSample: samples.last?.seconds) {
      warming = try step(operands, results: results, context: context).seconds
    }
    let spent = try burst.run(spent: warming) {
      let sample = try step(operands, results: results, context: context)
      samples.append(sample)
      return sample.seconds
    }
    secondsSpent += spent
  }

  /// One step as training does it: the values have changed, then forward, then both gradients.
  private func step(_ operands: StepOperands, results: StepResults, context: ComputeContext) throws -> StepSample {
    var sample = StepSample()
    var watch = Stopwatch()
    try weights.matrix.values.withUnsafeBufferPointer { try conv.replaceValues($0) }
    sample.repack = watch.lap()
    try conv.forward(operands.input, into: &results.output, context: context)
    sample.forward = watch.lap()
    guard let gradients = conv.gradients else {
      preconditionFailure("LayerContender: \(kernelName) computes forward only, expected gradients")
    }
    try gradients.bothGradients(
      operands.input, operands.outputGradient, intoInput: &results.inputGradient, weights: &weightGradient,
      context: context)
    sample.gradients = watch.lap()
    return sample
  }
}

/// Which side of the comparison a contender is on.
enum LayerSide: String, Sendable {
  /// Every weight is stored.
  case dense
  /// The share of zeros is not.
  case sparse
}

/// Room for what the steps of all contenders compute.
final class StepResults {
  var output: Tensor
  var inputGradient: Tensor

  init(_ problem: ConvProblem, pool: TensorPool) {
    func room(_ shape: Shape) -> Tensor { Tensor(uninitialized: shape, pool: pool) { $0.initialize(repeating: 0) } }
    output = room(problem.outputShape)
    inputGradient = room(problem.inputShape)
  }
}

/// The largest error of each pass's result, as a fraction of the largest expected magnitude.
typealias PassErrors = [ConvPass: Double]
