import Foundation
import Optimizers
import TensorCore
import Testing

/// What is remembered: pattern changes, checkpoints, copies.
struct OptimizerStateTests {
  @Test(arguments: OptimizerCase.all)
  func stateFollowsSurvivorsAndStartsAtZeroForGrownWeights(item: OptimizerCase) throws {
    var kept = Training(item.optimizer, count: 12)
    kept.steps(10)
    var changed = kept
    // Rows of a matrix never change places, but nothing here depends on it.
    let sources: [Int32] = [3, -1, 4, 0, 11, -1, -1, 7]
    let old = kept.optimizer.state(of: "conv.weight")
    changed.optimizer.patternChanged("conv.weight", sources: sources)
    changed.values = sources.map { $0 < 0 ? 0 : kept.values[Int($0)] }
    let new = changed.optimizer.state(of: "conv.weight")
    #expect(new.keys.sorted() == item.slots.sorted())
    for (name, array) in new {
      let before = try #require(old[name])
      #expect(array == sources.map { $0 < 0 ? 0 : before[Int($0)] })
    }
    // From here on a survivor must go where it would have gone without the change.
    for _ in 0..<10 {
      let gradient = kept.randoms(12)
      kept.optimizer.step("conv.weight", &kept.values, gradient, rate: 0.01)
      let carried = sources.map { $0 < 0 ? 0.5 : gradient[Int($0)] }
      changed.optimizer.step("conv.weight", &changed.values, carried, rate: 0.01)
      for (position, source) in sources.enumerated() where source >= 0 {
        #expect(changed.values[position].bitPattern == kept.values[Int(source)].bitPattern)
      }
    }
  }

  @Test func aPatternMayLoseAllPositionsAndGrowAgain() {
    var training = Training(Adam(), count: 3)
    training.steps(3)
    training.optimizer.patternChanged("conv.weight", sources: [])
    training.values = []
    training.steps(2)
    #expect(training.optimizer.state.byteCount == 0)
    training.optimizer.patternChanged("conv.weight", sources: [-1, -1])
    training.values = [0, 0]
    training.steps(1)
    #expect(training.optimizer.state.byteCount == 2 * 2 * 4)
    #expect(training.values.allSatisfy { $0 != 0 })
  }

  @Test func stateIsAsLongAsTheParametersAndOthersAreLeftAlone() {
    var optimizer = Adam()
    var first: [Float] = [1, 2, 3]
    var second: [Float] = [4]
    optimizer.step("a", &first, [1, 1, 1], rate: 0.1)
    optimizer.step("b", &second, [1], rate: 0.1)
    #expect(optimizer.state.byteCount == 2 * 4 * 4)
    let before = optimizer.state(of: "b")
    optimizer.patternChanged("a", sources: [2])
    optimizer.patternChanged("never updated", sources: [-1, -1])
    #expect(optimizer.state(of: "b") == before)
    #expect(optimizer.state.parameterNames == ["a", "b"])
    optimizer.forget("a")
    #expect(optimizer.state.parameterNames == ["b"])
  }

  @Test(arguments: OptimizerCase.all)
  func aRestoredOptimizerGoesOnWithTheSameBits(item: OptimizerCase) throws {
    var uninterrupted = Training(item.optimizer, count: 19)
    uninterrupted.steps(7)
    var resumed = uninterrupted
    resumed.optimizer = item.optimizer
    let checkpoint = uninterrupted.optimizer.checkpoint()
    #expect(checkpoint.arrays.keys.sorted() == item.slots.map { "conv.weight.\($0)" }.sorted())
    #expect(checkpoint.step == 7)
    try resumed.optimizer.restore(checkpoint, parameterCounts: ["conv.weight": 19, "frozen": 4])
    uninterrupted.steps(7)
    resumed.steps(7)
    #expect(uninterrupted.bits == resumed.bits)
    #expect(uninterrupted.optimizer.checkpoint() == resumed.optimizer.checkpoint())
  }

  @Test func aCheckpointOfSomethingElseIsRefusedWithASentence() {
    var training = Training(Adam(), count: 3)
    training.steps(2)
    let good = training.optimizer.checkpoint()
    let counts = ["conv.weight": 3]
    func expectRefusal(
      _ error: OptimizerError, _ counts: [String: Int] = ["conv.weight": 3],
      _ change: (inout OptimizerCheckpoint) -> Void
    ) {
      var bad = good
      change(&bad)
      #expect(throws: error) { try training.optimizer.restore(bad, parameterCounts: counts) }
      #expect(training.optimizer.checkpoint() == good)
    }
    expectRefusal(.otherOptimizer("SGD", expected: "Adam")) { $0.optimizer = "SGD" }
    expectRefusal(.negativeStep(-1)) { $0.step = -1 }
    expectRefusal(.missingArray("conv.weight.exp_avg_sq")) { $0.arrays["conv.weight.exp_avg_sq"] = nil }
    expectRefusal(.arrayLength("conv.weight.exp_avg", count: 2, expected: 3)) {
      $0.arrays["conv.weight.exp_avg"] = [1, 2]
    }
    expectRefusal(.arrayLength("conv.weight.exp_avg", count: 3, expected: 4), ["conv.weight": 4]) { _ in }
    expectRefusal(.unknownArray("conv.weight.sum")) { $0.arrays["conv.weight.sum"] = [1, 2, 3] }
    expectRefusal(.unknownArray("conv.weight.exp_avg"), ["other": 3]) { _ in }
    #expect(
      OptimizerError.arrayLength("w.exp_avg", count: 2, expected: 3).description
        == "the optimizer's array w.exp_avg has 2 elements, expected 3")
    #expect(throws: Never.self) { try training.optimizer.restore(good, parameterCounts: counts) }
  }

  @Test(arguments: OptimizerCase.all)
  func hyperParametersAreStoredAndStateIsNot(item: OptimizerCase) throws {
    var original = Training(item.optimizer, count: 9)
    var decoded = original
    decoded.optimizer = try roundTrip(item.optimizer)
    original.steps(5)
    decoded.steps(5)
    #expect(original.bits == decoded.bits)
    #expect(try roundTrip(original.optimizer).state == OptimizerState())
  }

  private func roundTrip<O: Optimizer>(_ optimizer: O) throws -> O {
    try JSONDecoder().decode(O.self, from: JSONEncoder().encode(optimizer))
  }

  @Test func aCopyGoesOnByItself() {
    var original = Training(Adam(), count: 5)
    original.steps(3)
    let copy = original.optimizer
    let before = copy.checkpoint()
    original.steps(1)
    #expect(copy.checkpoint() == before)
    #expect(original.optimizer.checkpoint() != before)
  }
}
