import Foundation
import SparseKernels

/// How often a kernel ran.
final class CallCounter: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var calls = 0

  var count: Int { lock.withLock { calls } }
  func increment() { lock.withLock { calls += 1 } }
}

/// Computes as `dense` does, forward only.
struct ForwardKernel: ConvKernel {
  let name = "forward"

  func support(for problem: ConvProblem) -> KernelSupport { .supported }

  func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    Prepared(dense: try DenseConvKernel().prepare(problem, weights: weights))
  }

  private struct Prepared: PreparedConv {
    var dense: any PreparedConv
    var problem: ConvProblem { dense.problem }
    var weightByteCount: Int { dense.weightByteCount }
    func scratchByteCount(threadCount: Int) -> Int { dense.scratchByteCount(threadCount: threadCount) }
    mutating func replaceValues(_ values: [Float]) throws { try dense.replaceValues(values) }
    func forward(
      input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
    ) throws {
      try dense.forward(input: input, output: output, epilogue: epilogue, context: context)
    }
  }
}

/// Computes gradients as `dense` does, then spoils the last element.
struct WrongGradientKernel: ConvKernel {
  let calls: CallCounter
  let name = "wrong"

  func support(for problem: ConvProblem) -> KernelSupport { .supported }

  func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    let dense = try DenseConvKernel().prepare(problem, weights: weights)
    guard let gradients = dense.gradients else { throw KernelError.unsupported(kernel: name, reason: "no gradients") }
    return Prepared(dense: dense, denseGradients: gradients, calls: calls)
  }

  private struct Prepared: PreparedConv, ConvGradients {
    var dense: any PreparedConv
    let denseGradients: any ConvGradients
    let calls: CallCounter
    var problem: ConvProblem { dense.problem }
    var weightByteCount: Int { dense.weightByteCount }
    var gradients: (any ConvGradients)? { self }
    var nnz: Int { denseGradients.nnz }
    func scratchByteCount(threadCount: Int) -> Int { dense.scratchByteCount(threadCount: threadCount) }
    func gradientScratchByteCount(threadCount: Int) -> Int {
      denseGradients.gradientScratchByteCount(threadCount: threadCount)
    }
    mutating func replaceValues(_ values: [Float]) throws { try dense.replaceValues(values) }
    func forward(
      input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
    ) throws {
      try dense.forward(input: input, output: output, epilogue: epilogue, context: context)
    }

    func inputGradient(
      outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, context: ComputeContext
    ) throws {
      calls.increment()
      try denseGradients.inputGradient(outputGradient: outputGradient, into: inputGradient, context: context)
      inputGradient[problem.inputShape.elementCount - 1] += 0.01
    }

    func weightGradient(
      input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
      into weightGradient: UnsafeMutablePointer<Float>, context: ComputeContext
    ) throws {
      calls.increment()
      try denseGradients.weightGradient(
        input: input, outputGradient: outputGradient, into: weightGradient, context: context)
      weightGradient[nnz - 1] += 0.01
    }
  }
}
