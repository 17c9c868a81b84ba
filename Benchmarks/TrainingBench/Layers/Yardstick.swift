import BenchmarkReport
import SparseKernels
import TensorCore

/// The expected results of a layer's three passes.
struct Yardstick {
  private let operands: StepOperands
  private let verifications: [ConvPass: Verification]
  /// What the expected results are off themselves, in the bound of sums of products.
  private let ownGrowth: Float

  /// What the reference kernel computes, in `Double`.
  init(reference operands: StepOperands, weights: ConvWeights, context: ComputeContext) throws {
    self.operands = operands
    ownGrowth = 0
    var verifications: [ConvPass: Verification] = [:]
    for pass in ConvPass.allCases {
      verifications[pass] = try Verification(
        operands.problem, weights: weights, operands: operands.operands(of: pass), context: context)
    }
    self.verifications = verifications
  }

  /// What `dense` computes of zero-filled weights: the sums are those of the stored ones, as adding a zero is exact.
  init(dense results: DenseResults, weights: ConvWeights, context: ComputeContext) throws {
    operands = results.operands
    ownGrowth = 1
    let expected = try results.of(weights, context: context)
    verifications = Dictionary(
      uniqueKeysWithValues: expected.map { [operands] pass, values in
        (
          pass,
          Verification(operands.problem, weights: weights, operands: operands.operands(of: pass), expected: values)
        )
      })
  }

  /// Runs all passes of a convolution.
  ///
  /// - Throws: ``WrongResult`` if a result is too far from what is expected.
  func errors(of conv: any PreparedConv, weights: ConvWeights, context: ComputeContext) throws -> PassErrors {
    var errors: PassErrors = [:]
    for (pass, result) in try results(of: conv, weights: weights, context: context) {
      let growth = ownGrowth + (pass == .forward ? conv.errorGrowth : 1)
      switch verifications[pass]?.verdict(on: result, errorGrowth: growth) {
      case .right(let error): errors[pass] = error
      case .wrong(let detail): throw WrongResult(detail: detail)
      case nil: preconditionFailure("Yardstick: nothing is expected of \(pass), expected every pass")
      }
    }
    return errors
  }
}

extension Yardstick {
  /// What a convolution computes as its step does: forward, then both gradients at once.
  private func results(
    of conv: any PreparedConv, weights: ConvWeights, context: ComputeContext
  ) throws -> [(pass: ConvPass, result: Tensor)] {
    guard let gradients = conv.gradients else { throw WrongResult(detail: "it computes forward only") }
    func room(_ pass: ConvPass) -> Tensor { operands.operands(of: pass).emptyResult(conv.problem, weights: weights) }
    var (output, inputGradient) = (room(.forward), room(.inputGradient))
    var weightGradient = room(.weightGradient).values
    try conv.forward(operands.input, into: &output, context: context)
    try gradients.bothGradients(
      operands.input, operands.outputGradient, intoInput: &inputGradient, weights: &weightGradient, context: context)
    return [
      (.forward, output), (.inputGradient, inputGradient),
      (.weightGradient, Tensor(weightGradient, shape: [weightGradient.count])),
    ]
  }
}

/// A result that is too far from what is expected.
struct WrongResult: Error {
  let detail: String
}

/// What the kernel `dense` computes of a layer, whose weights may change.
final class DenseResults {
  let operands: StepOperands
  private var conv: any PreparedConv
  /// Of every position, stored or not; does not depend on the weights.
  private let weightGradient: [Float]
  private let columns: Int

  /// - Parameter weights: with every position stored.
  init(_ operands: StepOperands, weights: ConvWeights, context: ComputeContext) throws {
    self.operands = operands
    conv = try DenseConvKernel().prepare(operands.problem, weights: weights)
    columns = weights.matrix.columns
    weightGradient = try Self.result(.weightGradient, operands, conv, weights: weights, context: context)
  }

  fileprivate func of(_ weights: ConvWeights, context: ComputeContext) throws -> [ConvPass: [Float]] {
    try conv.replaceValues(weights.matrix.dense().values)
    var results: [ConvPass: [Float]] = [:]
    for pass in [ConvPass.forward, .inputGradient] {
      results[pass] = try Self.result(pass, operands, conv, weights: weights, context: context)
    }
    results[.weightGradient] = weights.matrix.coordinates().map { weightGradient[$0.row * columns + $0.column] }
    return results
  }

  private static func result(
    _ pass: ConvPass, _ operands: StepOperands, _ conv: any PreparedConv, weights: ConvWeights, context: ComputeContext
  ) throws -> [Float] {
    let operands = operands.operands(of: pass)
    guard let call = operands.call(of: conv) else {
      preconditionFailure("DenseResults: dense computes forward only, expected every pass")
    }
    var result = operands.emptyResult(conv.problem, weights: weights)
    try call.run(into: &result, context: context)
    return result.values
  }
}
