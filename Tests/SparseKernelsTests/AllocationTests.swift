import CAllocationCounter
import SparseKernels
import Synchronization
import TensorCore
import TestSupport
import Testing

/// A warm call allocates nothing in our code.
@Suite(.serialized, .enabled(if: snn_allocation_counter_is_active(), "allocations are counted on glibc, unsanitized"))
struct AllocationTests {
  static let lines = [
    "mb1ic32ih14oc32kh3ph1", "mb1ic64ih28oc16kh1", "mb2ic16ih15oc24kh5sh2ph2", "g4mb1ic16ih9oc8kh3ph1",
    "mb4ic48ih3oc130kh1",
  ]

  @Test(arguments: ConvKernelList.all.map(\.name).filter { $0 != "reference" }, [1, 2])
  func warmCallsAllocateNothing(kernelName: String, threadCount: Int) throws {
    let kernel = try ConvKernelList.named(kernelName)
    let context = ComputeContext(threadCount: threadCount)
    for line in Self.lines {
      let problem = try ConvProblem(benchdnn: line)
      guard case .supported = kernel.support(for: problem) else { continue }
      var generator = SeededGenerator(seed: 41)
      let weights = try ConvWeights.random(for: problem, sparsity: 0.8, using: &generator)
      let prepared = try kernel.prepare(problem, weights: weights)
      let input = Tensor.random(problem.inputShape, using: &generator)
      var output = Tensor(zeros: problem.outputShape)
      let bias = Array(repeating: Float(0.5), count: problem.outputChannels)
      let residual = Tensor.random(problem.outputShape, using: &generator)
      for epilogue in [
        ConvEpilogue(bias: bias, activation: .relu),
        ConvEpilogue(bias: bias, residual: residual, activation: .clamp(lower: 0, upper: 6)),
      ] {
        for _ in 0..<3 { try prepared.forward(input, into: &output, epilogue: epilogue, context: context) }
        let count = try countingAllocations(of: context) {
          for _ in 0..<100 { try prepared.forward(input, into: &output, epilogue: epilogue, context: context) }
        }
        let heading = "\(kernelName), \(line), \(threadCount) threads, \(epilogue.activation)"
        #expect(count == 0, "\(heading): \(count) allocations in 100 calls")
      }
    }
  }

  @Test(arguments: ConvGradientTests.kernelNames.filter { $0 != "reference" }, [1, 2])
  func warmGradientsAllocateNothing(kernelName: String, threadCount: Int) throws {
    let context = ComputeContext(threadCount: threadCount)
    for line in Self.lines {
      let item = try GradientCase(ConvProblem(benchdnn: line), .half, hasIntegers: true, seed: 43)
      let prepared = try ConvKernelList.named(kernelName).prepare(item.problem, weights: item.weights)
      let gradients = try #require(prepared.gradients)
      var inputGradient = Tensor(zeros: item.problem.inputShape)
      var weightGradient = [Float](repeating: 0, count: gradients.nnz)
      func call() throws {
        try gradients.inputGradient(item.outputGradient, into: &inputGradient, context: context)
        try gradients.weightGradient(item.input, item.outputGradient, into: &weightGradient, context: context)
        try gradients.bothGradients(
          item.input, item.outputGradient, intoInput: &inputGradient, weights: &weightGradient, context: context)
      }
      for _ in 0..<3 { try call() }
      let count = try countingAllocations(of: context) { for _ in 0..<100 { try call() } }
      #expect(count == 0, "\(kernelName), \(line), \(threadCount) threads: \(count) allocations in 100 calls")
    }
  }

  @Test func theCounterSeesAllocationsOfEveryThread() throws {
    let context = ComputeContext(threadCount: 2)
    let alone = try countingAllocations(of: context) { consume(Array(repeating: 1, count: 100)) }
    #expect(alone >= 1)
    let spread = try countingAllocations(of: context) {
      try context.run(BarrierJob(threadCount: 2) { consume(Array(repeating: 1, count: 100)) }, partCount: 2)
    }
    #expect(spread >= 2)
  }

  @Test func aCallThatIsNotWarmIsCounted() throws {
    let problem = try ConvProblem(benchdnn: "mb1ic8ih9oc8kh3ph1")
    var generator = SeededGenerator(seed: 42)
    let weights = try ConvWeights.random(for: problem, sparsity: 0.5, using: &generator)
    let prepared = try DenseConvKernel().prepare(problem, weights: weights)
    let input = Tensor.random(problem.inputShape, using: &generator)
    var output = Tensor(zeros: problem.outputShape)
    let context = ComputeContext()
    #expect(try countingAllocations(of: context) { try prepared.forward(input, into: &output, context: context) } > 0)
  }

  /// The allocations of a context's threads, the calling one included, while a body runs.
  private func countingAllocations(of context: ComputeContext, _ body: () throws -> Void) throws -> Int {
    snn_allocation_counter_reset()
    let on = BarrierJob(threadCount: context.threadCount) { snn_allocation_counter_watch_thread(true) }
    let off = BarrierJob(threadCount: context.threadCount) { snn_allocation_counter_watch_thread(false) }
    try context.run(on, partCount: context.threadCount)
    try body()
    try context.run(off, partCount: context.threadCount)
    return snn_allocation_counter_ours()
  }
}

/// One part for each thread of a context: no part ends before all have begun, so that no thread takes two.
private struct BarrierJob: ParallelJob {
  private final class Arrivals: Sendable {
    let count = Atomic(0)
  }

  private let arrivals = Arrivals()
  private let threadCount: Int
  private let body: @Sendable () -> Void

  init(threadCount: Int, _ body: @escaping @Sendable () -> Void) {
    self.threadCount = threadCount
    self.body = body
  }

  func execute(index: Int, worker: Int) {
    arrivals.count.add(1, ordering: .relaxed)
    while arrivals.count.load(ordering: .relaxed) < threadCount {}
    body()
  }
}

/// Keeps the optimizer from dropping an array that nobody reads.
@inline(never)
private func consume(_ values: [Int]) {
  withExtendedLifetime(values) {}
}
