import Optimizers
import TensorCore
import Testing

/// Every optimizer with every option against its formula in Double.
struct FormulaTests {
  @Test(arguments: OptimizerCase.all)
  func agreesWithTheFormulaOverManySteps(item: OptimizerCase) {
    // Around the lengths of vectors, and none at all.
    for count in [0, 1, 3, 4, 5, 8, 16, 37] {
      var training = Training(item.optimizer, count: count, seed: UInt64(count))
      var wanted = training.values.map(BoundedNumber.init(exactly:))
      var slots = [[String: BoundedNumber]](repeating: [:], count: count)
      for step in 1...60 {
        let rate = 0.02 / Double(step % 7 + 1)
        // A gradient of exactly zero now and then, as ReLU makes them.
        let gradient = training.randoms(count).map { abs($0) < 0.1 ? 0 : $0 }
        training.optimizer.step("p", &training.values, gradient, rate: rate)
        for index in 0..<count {
          item.formula(&wanted[index], BoundedNumber(exactly: gradient[index]), &slots[index], step, rate)
        }
        #expect(training.optimizer.step == step)
        let state = training.optimizer.state(of: "p")
        #expect(state.keys.sorted() == (count == 0 ? [] : item.slots.sorted()))
        var arrays = [("value", training.values, wanted)]
        for name in item.slots where count > 0 {
          arrays.append((name, state[name] ?? [], slots.compactMap { $0[name] }))
        }
        for (name, got, want) in arrays {
          // The first disagreement is told, not the thousands that follow from it.
          if let fault = fault(got, want, count: count) {
            Issue.record("\(name) of \(count), step \(step): \(fault)")
            return
          }
        }
      }
    }
  }

  private func fault(_ got: [Float], _ want: [BoundedNumber], count: Int) -> String? {
    if got.count != count || want.count != count { return "\(got.count) elements, \(want.count) expected" }
    for (index, (got, want)) in zip(got, want).enumerated() {
      if !want.allows(got) { return "element \(index) is \(got), expected \(want)" }
      if want.error > 1e-3 { return "the bound of \(want) says nothing" }
    }
    return nil
  }

  @Test func noTwoOfTheCasesDoTheSame() {
    let results = OptimizerCase.all.map { item in
      var training = Training(item.optimizer, count: 5)
      training.steps(5)
      return training.bits
    }
    #expect(Set(results).count == results.count)
  }

  @Test func theFirstStepOfAdamIsTheLearningRateLong() {
    // The corrected means are g and g * g, so that the step is g / |g|.
    var values: [Float] = [0, 0, 0]
    var optimizer = Adam(epsilon: 0)
    optimizer.step("p", &values, [1e-15, -3, 1e15], rate: 0.125)
    for (value, want) in zip(values, [-0.125, 0.125, -0.125] as [Float]) {
      // Six roundings, each up to half an ulp of 1.
      #expect(abs(value - want) <= 3 * 0.125 * .ulpOfOne, "\(value), expected \(want)")
    }
  }

  @Test(arguments: OptimizerCase.all)
  func bitsDoNotDependOnHowARunIsCut(item: OptimizerCase) {
    let count = 101
    var whole = Training(item.optimizer, count: count)
    var cut = whole
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<20 {
      var ranges: [Range<Int>] = []
      var start = 0
      while start < count {
        let end = min(count, start + generator.nextIndex(below: 40))
        ranges.append(start..<end)
        start = end
      }
      let gradient = whole.randoms(count)
      whole.optimizer.step("p", &whole.values, gradient, rate: 0.01)
      cut.optimizer.step("p", &cut.values, gradient, rate: 0.01, ranges: ranges.reversed())
      #expect(whole.bits == cut.bits)
    }
    #expect(whole.optimizer.checkpoint() == cut.optimizer.checkpoint())
  }

  @Test(arguments: OptimizerCase.all)
  func aNotANumberStaysWithItsWeight(item: OptimizerCase) {
    var clean = Training(item.optimizer, count: 20)
    var broken = clean
    for step in 0..<5 {
      var gradient = clean.randoms(20)
      clean.optimizer.step("p", &clean.values, gradient, rate: 0.01)
      if step == 2 { gradient[7] = .nan }
      broken.optimizer.step("p", &broken.values, gradient, rate: 0.01)
    }
    #expect(broken.values[7].isNaN)
    broken.values[7] = clean.values[7]
    #expect(broken.bits == clean.bits)
  }
}
