import Testing

import HTMLReport

@Suite struct PlotScaleTests {
  @Test func linearTicksAreRoundNumbersFromZero() {
    #expect(PlotScale.linear(upTo: 59).ticks.map(\.label) == ["0", "20", "40", "60"])
    #expect(PlotScale.linear(upTo: 0.31).ticks.map(\.label) == ["0.0", "0.1", "0.2", "0.3"])
    #expect(PlotScale.linear(upTo: 1.0).ticks.map(\.label) == ["0.0", "0.5", "1.0"])
    #expect(PlotScale.linear(upTo: 0).domain == 0...1)
    let counts = PlotScale.linear(upTo: 1_180_000, tickCount: 4, label: PlotScale.countLabel)
    #expect(counts.ticks.map(\.label) == ["0", "500k", "1M"])
  }

  @Test(arguments: [
    ([0.06, 7.2], ["0.05", "0.1", "0.2", "0.5", "1", "2", "5"], 9),
    ([0.06, 7.2], ["0.1", "0.3", "1", "3"], 6),
    ([1e-4, 1e5], ["0.0001", "0.01", "1", "100", "10000"], 6),
    ([2.0, 2.05], ["1.6", "1.8", "2.0", "2.2", "2.4"], 6),
  ])
  func logarithmicTicksHaveFewDigits(values: [Double], labels: [String], count: Int) {
    #expect(PlotScale.logarithmic(covering: values, tickCount: count).ticks.map(\.label) == labels)
  }

  @Test func aScaleCoversWhatCanBeDrawn() {
    let scale = PlotScale.logarithmic(covering: [0, -1, .nan, .infinity, 2, 8], suffix: "x")
    #expect(scale.domain.lowerBound < 2 && scale.domain.lowerBound > 1 && scale.domain.upperBound > 8)
    #expect(scale.ticks.allSatisfy { $0.label.hasSuffix("x") && scale.domain.contains($0.value) })
    #expect(PlotScale.logarithmic(covering: []).domain.contains(1))
  }

  @Test func sparsitiesAreSpacedByWhatIsLeft() {
    let scale = PlotScale.sparsity([0.5, 0.75, 0.875])
    #expect(abs(scale.share(of: 0.75) - 0.5) < 1e-12)
    #expect(scale.share(of: 0.5) == 0 && abs(scale.share(of: 0.875) - 1) < 1e-12)
    #expect(scale.ticks.map(\.label) == ["50 %", "75 %", "87.5 %"])
    // With nothing left there is no logarithm.
    #expect(PlotScale.sparsity([0, 0.9, 1]).share(of: 0.9) == 0.9)
  }

  @Test func manySparsitiesAreMarkedByTheirEndsAndUsualOnes() {
    let scale = PlotScale.sparsity((1...60).map { Double(30 + $0) / 100 })
    #expect(scale.ticks.map(\.label) == ["31 %", "50 %", "80 %", "90 %"])
  }

  @Test func sharesFollowTheSpacing() {
    let scale = PlotScale.logarithmic(covering: [1, 100])
    #expect(abs(scale.share(of: 10) - 0.5) < 1e-12)
    #expect(abs(PlotScale.linear(upTo: 100).share(of: 53) - 0.5) < 1e-12)
  }

  @Test(arguments: [
    (1.0, 10.0, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]), (1, 2, ["1", "2"]), (3, 3, ["3"]),
    (1, 100, ["1", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100"]),
    (90, 300, ["90", "100", "150", "200", "250", "300"]),
  ])
  func countsAreWholeNumbersFromTheFirst(first: Double, last: Double, labels: [String]) {
    let scale = PlotScale.counting(from: first, through: last)
    #expect(scale.ticks.map(\.label) == labels)
    #expect(scale.ticks.allSatisfy { scale.domain.contains($0.value) })
    #expect(scale.share(of: first) == (first == last ? 0.5 : 0))
  }

  @Test func aScaleAroundValuesNeedNotStartAtZero() {
    let scale = PlotScale.linear(covering: [90, .nan, 92, .infinity])
    #expect(scale.domain.lowerBound > 89 && scale.domain.lowerBound < 90 && scale.domain.upperBound > 92)
    #expect(scale.ticks.map(\.label) == ["90.0", "90.5", "91.0", "91.5", "92.0"])
    for values in [[91, 91], [0, 0], [], [-1e-30, 1e-30]] as [[Double]] {
      let level = PlotScale.linear(covering: values)
      #expect(level.ticks.count > 1 && level.domain.lowerBound < level.domain.upperBound)
      for value in values { #expect((0...1).contains(level.share(of: value))) }
    }
    #expect(PlotScale.linear(covering: [91, 91]).share(of: 91) == 0.5)
  }
}
