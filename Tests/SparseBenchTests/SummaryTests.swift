import Testing

import SparseBench

@Suite struct SummaryTests {
  @Test func geometricMeanOfNothingIsNothing() {
    #expect([Double]().geometricMean == nil)
    #expect(abs(([0.5, 2, 8].geometricMean ?? 0) - 2) < 1e-12)
  }

  @Test func breakEvenInterpolatesRelativeTime() {
    // Relative times 2 and 0.5: one third from the top of the interval in time, two thirds along it in sparsity.
    guard case .at(let sparsity) = Summary.breakEven([(0.5, 0.5), (0.8, 2)]) else {
      Issue.record("expected a break-even between the sparsities")
      return
    }
    #expect(abs(sparsity - 0.7) < 1e-12)
  }

  @Test func breakEvenOutsideWhatWasMeasured() {
    #expect(Summary.breakEven([]) == .unknown)
    #expect(Summary.breakEven([(0.5, 3)]) == .unknown)
    #expect(Summary.breakEven([(0.5, 1.1), (0.9, 4)]) == .below(0.5))
    #expect(Summary.breakEven([(0.5, 0.1), (0.9, 0.9)]) == .above(0.9))
  }

  @Test func aKernelThatLosesAgainCountsFromItsLastLoss() {
    guard case .at(let sparsity) = Summary.breakEven([(0.5, 1.5), (0.8, 0.8), (0.9, 1.6)]) else {
      Issue.record("expected a break-even after the last loss")
      return
    }
    #expect(sparsity > 0.8 && sparsity < 0.9)
  }

  @Test func statisticsOfOddAndEvenCounts() {
    let odd = SampleStatistics([5, 1, 3])
    #expect(odd.median == 3 && odd.minimum == 1 && odd.medianAbsoluteDeviation == 2)
    let even = SampleStatistics([1, 2, 3, 100])
    #expect(even.median == 2.5 && even.minimum == 1 && even.medianAbsoluteDeviation == 1)
  }
}
