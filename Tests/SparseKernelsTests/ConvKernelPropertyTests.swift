import Dispatch
import SparseKernels
import Synchronization
import TensorCore
import TestSupport
import Testing

/// What must hold of every kernel whatever the numbers are.
@Suite struct ConvKernelPropertyTests {
  static let kernelNames = ConvKernelList.all.map(\.name)
  static let lines = [
    "mb1ic5ih9oc7kh3ph1", "mb2ic6ih8oc6kh3sh2ph1", "g2mb1ic6ih7oc4kh3ph1dh1", "mb3ic9ih5oc10kh1",
    "g4mb2ic4ih6oc8kh5ph2",
  ]

  /// A prepared convolution, or nil where the kernel declines the problem.
  private func prepare(
    _ kernelName: String, _ problem: ConvProblem, _ weights: ConvWeights
  ) throws -> (any PreparedConv)? {
    let kernel = try ConvKernelList.named(kernelName)
    guard case .supported = kernel.support(for: problem) else { return nil }
    return try kernel.prepare(problem, weights: weights)
  }

  private func output(
    _ prepared: any PreparedConv, _ input: Tensor, epilogue: ConvEpilogue = .none, context: ComputeContext
  ) throws -> Tensor {
    var output = Tensor(repeating: .nan, shape: prepared.problem.outputShape)
    try prepared.forward(input, into: &output, epilogue: epilogue, context: context)
    return output
  }

  @Test(arguments: kernelNames, lines)
  func convolutionIsLinear(kernelName: String, line: String) throws {
    let problem = try ConvProblem(benchdnn: line)
    var generator = SeededGenerator(seed: 5)
    // Integers: the two sides are equal to the bit.
    let matrix = try WeightPattern.half.integers(
      rows: problem.outputChannels, columns: problem.weightsPerOutputChannel, using: &generator)
    guard let prepared = try prepare(kernelName, problem, ConvWeights(matrix)) else { return }
    let context = ComputeContext()
    let x = Tensor.randomIntegers(problem.inputShape, magnitude: 8, using: &generator)
    let y = Tensor.randomIntegers(problem.inputShape, magnitude: 8, using: &generator)
    let sum = Tensor(zip(x.values, y.values).map { 3 * $0 - 2 * $1 }, shape: problem.inputShape)
    let (ofX, ofY) = (
      try output(prepared, x, context: context).values, try output(prepared, y, context: context).values
    )
    let ofSum = try output(prepared, sum, context: context).values
    // Exact, or each of the three outputs off by its bound, for weights up to 4 and inputs up to 8, 8 and 40.
    let terms = Float(problem.weightsPerOutputChannel + 1) * 4 * (40 + 3 * 8 + 2 * 8)
    let bound = prepared.errorGrowth == 1 ? 0 : 2 * Float.ulpOfOne * terms * prepared.errorGrowth
    for (index, got) in ofSum.enumerated() { #expect(abs(got - (3 * ofX[index] - 2 * ofY[index])) <= bound) }
  }

  @Test(arguments: kernelNames)
  func permutedOutputChannelsPermuteTheOutput(kernelName: String) throws {
    let problem = try ConvProblem(benchdnn: "mb2ic5ih9oc7kh3ph1")
    var generator = SeededGenerator(seed: 6)
    let dense = Tensor.randomIntegers(problem.weightShape, magnitude: 3, using: &generator)
    let order = [3, 0, 6, 1, 5, 2, 4]
    let rowLength = problem.weightsPerOutputChannel
    let shuffled = Tensor(
      order.flatMap { dense.values[$0 * rowLength..<($0 + 1) * rowLength] }, shape: problem.weightShape)
    let context = ComputeContext()
    let input = Tensor.randomIntegers(problem.inputShape, magnitude: 8, using: &generator)
    guard let preparedPlain = try prepare(kernelName, problem, ConvWeights(oihw: dense)),
      let preparedPermuted = try prepare(kernelName, problem, ConvWeights(oihw: shuffled))
    else { return }
    let plain = try output(preparedPlain, input, context: context)
    let permuted = try output(preparedPermuted, input, context: context)
    for b in 0..<problem.batch {
      for (position, channel) in order.enumerated() {
        for y in 0..<problem.outputSize.height {
          for x in 0..<problem.outputSize.width {
            #expect(permuted[b, position, y, x] == plain[b, channel, y, x])
          }
        }
      }
    }
  }

  /// Dense kernels multiply their zeros, which their documentation says; all others must not.
  @Test(arguments: ConvKernelList.all.filter { !$0.isDense }.map(\.name), [Float.infinity, .nan])
  func whatIsNotStoredContributesNothing(kernelName: String, poison: Float) throws {
    let problem = try ConvProblem(benchdnn: "mb1ic4ih6oc3kh3ph1")
    // Weights of input channels 0 and 2 only, so that channels 1 and 3 may hold anything.
    var generator = SeededGenerator(seed: 7)
    var dense = Tensor.randomIntegers(problem.weightShape, magnitude: 3, using: &generator)
    var input = Tensor.randomIntegers(problem.inputShape, magnitude: 8, using: &generator)
    dense.withUnsafeMutableBufferPointer { elements in
      for index in elements.indices where index / 9 % 2 == 1 { elements[index] = 0 }
    }
    guard let prepared = try prepare(kernelName, problem, ConvWeights(oihw: dense)) else { return }
    let context = ComputeContext()
    let clean = try output(prepared, input, context: context)
    input.withUnsafeMutableBufferPointer { elements in
      for index in elements.indices where index / 36 % 2 == 1 { elements[index] = poison }
    }
    #expect(try output(prepared, input, context: context) == clean)
  }

  /// Of a kernel that multiplies sums of inputs, it spoils neighbours too, and turns into NaN.
  @Test(arguments: kernelNames)
  func anInfinityReachesItsOwnOutputsOnly(kernelName: String) throws {
    let problem = try ConvProblem(benchdnn: "mb1ic1ih7oc1kh3ph1")
    let weights = try ConvWeights(oihw: Tensor(repeating: 1, shape: problem.weightShape))
    var input = Tensor(repeating: 1, shape: problem.inputShape)
    input[0, 0, 3, 2] = .infinity
    guard let prepared = try prepare(kernelName, problem, weights) else { return }
    let got = try output(prepared, input, context: ComputeContext())
    for y in 0..<7 {
      for x in 0..<7 {
        let isNear = abs(y - 3) <= 1 && abs(x - 2) <= 1
        if prepared.errorGrowth > 1 {
          #expect(!isNear || !got[0, 0, y, x].isFinite, "\(kernelName) at \(y), \(x)")
          continue
        }
        #expect(got[0, 0, y, x].isInfinite == isNear && !got[0, 0, y, x].isNaN, "\(kernelName) at \(y), \(x)")
      }
    }
  }

  /// Eight threads, each with a context of its own, on one prepared convolution.
  @Test(arguments: kernelNames)
  func onePreparedConvolutionServesManyThreads(kernelName: String) throws {
    let problem = try ConvProblem(benchdnn: "mb2ic16ih12oc24kh3ph1")
    let item = try KernelCase.integers(problem, .half, epilogue: .biasResidualAndReLU, seed: 11)
    guard let prepared = try prepare(kernelName, problem, item.weights) else { return }
    let wrongCount = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      do {
        let context = ComputeContext(threadCount: 1 + index % 2)
        for _ in 0..<10 {
          let got = try item.run(prepared, context: context)
          if item.fault(got, of: prepared) != nil {
            wrongCount.add(1, ordering: .relaxed)
          }
        }
      } catch {
        wrongCount.add(1, ordering: .relaxed)
      }
    }
    #expect(wrongCount.load(ordering: .relaxed) == 0)
  }

  /// All kernels in one context, large and small problems in turns: none relies on what it left in the scratch memory.
  @Test func kernelsShareAContext() throws {
    let context = ComputeContext(threadCount: 2)
    let problems = try ["mb1ic8ih20oc8kh5ph2", "mb1ic2ih3oc2kh1", "mb4ic3ih9oc5kh3sh2ph1", "mb2ic4ih7oc6kh3ph1"].map {
      try ConvProblem(benchdnn: $0)
    }
    for round in 0..<3 {
      for problem in problems {
        for kernel in ConvKernelList.all {
          let kind: EpilogueKind = round == 1 ? .biasResidualAndClamp : .none
          let item = try KernelCase.integers(problem, .half, epilogue: kind, seed: UInt64(round))
          guard let prepared = try prepare(kernel.name, problem, item.weights) else { continue }
          let got = try item.run(prepared, context: context)
          let fault = item.fault(got, of: prepared)
          #expect(fault == nil, "\(kernel.name) in round \(round)")
        }
      }
    }
  }
}
