import SparseKernels
import TensorCore
import TestSupport

/// A machine whose rates are round numbers, so that predictions are the same everywhere.
let roundRates = MachineRates(
  vectorsPerSecond: 7e9, wideVectorsPerSecond: 3.5e9, gemmFlops: 1.05e11, peakFlops: 1.18e11,
  nearBytesPerSecond: 1.1e11, farBytesPerSecond: 1e11)

/// A kernel that computes as the reference does, and says of itself what a test wants.
struct FakeKernel: ConvKernel {
  let name: String
  var refusal: String?
  /// Seconds that it predicts for every pass; nil for no cost model.
  var predicted: Double?
  /// Whether its gradients are there.
  var hasGradients = true
  /// The seconds that each call waits.
  var delay = 0.0

  func support(for problem: ConvProblem) -> KernelSupport { refusal.map { .unsupported($0) } ?? .supported }

  func cost(_ query: CostQuery) -> ConvCost? {
    predicted.map { ConvCost([.init("all", idealSeconds: $0, factor: 1)]) }
  }

  func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    FakeConv(
      conv: try ReferenceConvKernel().prepare(problem, weights: weights), hasGradients: hasGradients, delay: delay)
  }
}

private struct FakeConv: PreparedConv {
  var conv: any PreparedConv
  let hasGradients: Bool
  let delay: Double

  var problem: ConvProblem { conv.problem }
  var weightByteCount: Int { conv.weightByteCount }
  var gradients: (any ConvGradients)? { hasGradients ? conv.gradients : nil }

  func scratchByteCount(threadCount: Int) -> Int { conv.scratchByteCount(threadCount: threadCount) }
  mutating func replaceValues(_ values: [Float]) throws { try conv.replaceValues(values) }

  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
  ) throws {
    let end = ContinuousClock.now + .seconds(delay)
    while ContinuousClock.now < end {}
    try conv.forward(input: input, output: output, epilogue: epilogue, context: context)
  }
}
