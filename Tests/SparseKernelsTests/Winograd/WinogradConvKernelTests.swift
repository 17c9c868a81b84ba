import TensorCore
import TestSupport
import Testing

@testable import SparseKernels

/// What the conformance suite does not ask: both tiles on every edge, and errors as small as they should be.
@Suite struct WinogradConvKernelTests {
  private func prepare(_ item: KernelCase, _ tile: WinogradTile) -> PreparedWinogradConv {
    PreparedWinogradConv(WinogradPlan(item.problem, tile: tile), weights: item.weights.matrix)
  }

  /// Whatever the rule chooses, either tile must be right: around multiples of 2, 4 and 8 tiles, with every padding.
  @Test(arguments: WinogradTile.allCases, [0, 1, 2, 3])
  func edgesAreRight(tile: WinogradTile, padding: Int) throws {
    let context = ComputeContext()
    for size in Array(max(1, 3 - 2 * padding)...19) + [31, 32, 33, 65] {
      for other in [3, 8] {
        for (height, width) in [(size, other), (other, size)] {
          let problem = try ConvProblem(
            batch: 2, inputChannels: 3, outputChannels: 5, inputSize: Size2D(height: height, width: width),
            kernelSize: Size2D(3), padding: Padding2D(padding))
          for kind in [EpilogueKind.biasAndReLU, .biasResidualAndClamp] {
            let item = try KernelCase.floats(problem, .half, epilogue: kind, seed: 17)
            let prepared = prepare(item, tile)
            let fault = item.fault(try item.run(prepared, context: context), of: prepared)
            try #require(fault == nil)
          }
        }
      }
    }
  }

  /// Blocks, threads that share one or have their own, groups, and asymmetric padding.
  @Test(
    arguments: WinogradTile.allCases,
    [
      "mb1ic70ih61oc66kh3ph1", "mb1ic9ih30iw5oc40oh30ow6kh3ph1pw2", "g3mb1ic9ih16oc12kh3ph1", "mb40ic4ih3oc5kh3ph1",
      "mb1ic512ih9oc200kh3ph1",
    ])
  func everyCutGivesTheSameBitsOnAnyNumberOfThreads(tile: WinogradTile, line: String) throws {
    let problem = try ConvProblem(benchdnn: line)
    let item = try KernelCase.floats(problem, .half, epilogue: .biasResidualAndReLU, seed: 18)
    let prepared = prepare(item, tile)
    let alone = try item.run(prepared, context: ComputeContext())
    #expect(item.fault(alone, of: prepared) == nil)
    for threadCount in [2, 3, 5] {
      let shared = try item.run(prepared, context: ComputeContext(threadCount: threadCount))
      #expect(shared == alone, "\(threadCount) threads")
    }
  }

  /// Rows with no weight in some input channels, and none at all: what is not stored stays zero when values are replaced.
  @Test(arguments: WinogradTile.allCases, WeightPattern.allCases)
  func replacedValuesAreTransformedAnew(tile: WinogradTile, pattern: WeightPattern) throws {
    let problem = try ConvProblem(benchdnn: "g2mb1ic6ih9oc8kh3ph1")
    let item = try KernelCase.floats(problem, pattern, epilogue: .none, seed: 19)
    let zeros = [Float](repeating: 0, count: item.weights.matrix.nnz)
    let plan = WinogradPlan(problem, tile: tile)
    var prepared = PreparedWinogradConv(plan, weights: try item.weights.matrix.replacingValues(zeros))
    let context = ComputeContext()
    #expect(try item.run(prepared, context: context).allSatisfy { $0 == 0 })
    let copy = prepared
    try prepared.replaceValues(item.weights.matrix.values)
    #expect(item.fault(try item.run(prepared, context: context), of: prepared) == nil)
    #expect(try item.run(copy, context: context).allSatisfy { $0 == 0 })
  }

  /// A NaN reaches its own outputs, and of the others at most those of the tiles that see it.
  @Test(arguments: WinogradTile.allCases)
  func aNaNStaysInTheTilesThatSeeIt(tile: WinogradTile) throws {
    let problem = try ConvProblem(benchdnn: "mb1ic2ih17oc3kh3ph1")
    let item = try KernelCase.floats(problem, .allDense, epilogue: .none, seed: 20)
    let prepared = prepare(item, tile)
    let context = ComputeContext()
    var (clean, spoilt) = (Tensor(zeros: problem.outputShape), Tensor(zeros: problem.outputShape))
    try prepared.forward(item.input, into: &clean, context: context)
    var input = item.input
    input[0, 1, 9, 6] = .nan
    try prepared.forward(input, into: &spoilt, context: context)
    // In the padded image the element is at (10, 7).
    func reaches(_ output: Int, from element: Int) -> Bool { (output...output + 2).contains(element) }
    func isSeen(_ element: Int, byTileOf output: Int) -> Bool {
      let first = output / tile.outputs * tile.outputs
      return (first..<first + tile.inputs).contains(element)
    }
    for channel in 0..<3 {
      for y in 0..<17 {
        for x in 0..<17 {
          let (got, expected) = (spoilt[0, channel, y, x], clean[0, channel, y, x])
          if reaches(y, from: 10) && reaches(x, from: 7) {
            #expect(got.isNaN, "\(channel), \(y), \(x)")
          } else if !(isSeen(10, byTileOf: y) && isSeen(7, byTileOf: x)) {
            #expect(got == expected, "\(channel), \(y), \(x)")
          }
        }
      }
    }
  }

  /// The bound is for the worst signs. On random numbers, the mean square of errors must be what the points promise, which a
  /// wrong digit in a matrix would not keep: measured at 0.6 and 1.8 times the plain sum's, one after the other in float.
  @Test(arguments: [(WinogradTile.two, 1.0), (.four, 2.5)])
  func errorsAreAsSmallAsThePointsPromise(tile: WinogradTile, mostGrowth: Double) throws {
    let problem = try ConvProblem(benchdnn: "mb1ic64ih24oc16kh3ph1")
    let item = try KernelCase.floats(problem, .allDense, epilogue: .none, seed: 21)
    let got = try item.run(prepare(item, tile), context: ComputeContext())
    let squares = zip(got, item.expected).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    let error = (squares / Double(got.count)).squareRoot()
    // Of n products of numbers in -1..<1, each of variance 1/9, partial sums have variances up to n/9, and each is rounded by at most
    // half an ulp, evenly spread: about ulp * sqrt(n * n / 2 / 9 / 24).
    let terms = Double(problem.weightsPerOutputChannel)
    let ofPlainSum = Double(Float.ulpOfOne) * terms / (2 * 9 * 24).squareRoot()
    #expect(error < mostGrowth * ofPlainSum, "\(error / ofPlainSum)")
    // Nor is the bound without use: it is less than a thousand times the worst error.
    let worst = zip(got, item.expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
    let bound = 2 * Double(Float.ulpOfOne) * (terms + 1) * Double(tile.errorGrowth)
    #expect(worst * 1000 > bound, "\(bound / worst)")
  }

  @Test func scratchDoesNotGrowWithTheImage() throws {
    var generator = SeededGenerator(seed: 22)
    let bytes = try ["mb1ic64ih112oc64kh3ph1", "mb4ic64ih224oc64kh3ph1"].map { line in
      let problem = try ConvProblem(benchdnn: line)
      let weights = try ConvWeights.random(for: problem, sparsity: 0.5, using: &generator)
      return try WinogradConvKernel().prepare(problem, weights: weights).scratchByteCount(threadCount: 2)
    }
    #expect(bytes[0] <= 4 << 20 && bytes[1] <= bytes[0] * 5 / 4)
  }
}
