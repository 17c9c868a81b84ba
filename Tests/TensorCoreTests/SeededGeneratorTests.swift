import TensorCore
import Testing

struct SeededGeneratorTests {
  @Test func firstNumbersAreThoseOfTheReference() {
    // Computed with the public-domain reference, https://prng.di.unimi.it/splitmix64.c
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect(generator.next() == 9_817_491_932_198_370_423)
  }

  @Test func sameSeedSameNumbersAndAnotherSeedOthers() {
    var first = SeededGenerator(seed: 42)
    var second = SeededGenerator(seed: 42)
    var other = SeededGenerator(seed: 43)
    let numbers = (0..<100).map { _ in first.next() }
    #expect(numbers == (0..<100).map { _ in second.next() })
    #expect(numbers != (0..<100).map { _ in other.next() })
    #expect(Set(numbers).count == 100)
  }

  @Test func aCopyContinuesTheSameSequence() {
    var original = SeededGenerator(seed: 7)
    _ = original.next()
    var copy = original
    #expect(original.next() == copy.next())
  }

  @Test func unitNumbersAreMultiplesOfTwoToTheMinus24() {
    var generator = SeededGenerator(seed: 1)
    var numbers = SeededGenerator(seed: 1)
    var sum = 0.0
    for _ in 0..<10_000 {
      let unit = generator.nextUnit()
      #expect(unit >= 0 && unit < 1)
      #expect(unit == Float(numbers.next() >> 40) / 16_777_216)
      sum += Double(unit)
    }
    // The mean of 10,000 numbers spread evenly over 0..<1 has a standard deviation of sqrt(1/12/10000) = 0.0029; the
    // bound is five of them.
    #expect(abs(sum / 10_000 - 0.5) < 0.0145)
  }

  @Test func floatsStayInsideTheirRange() {
    var generator = SeededGenerator(seed: 2)
    // In the last range only two floats are possible, and rounding alone would reach the upper bound.
    for range: Range<Float> in [-1..<1, 0..<0x1p-20, -3..<(-2), 1..<(1 + 2 * Float.ulpOfOne)] {
      for _ in 0..<1000 {
        let number = generator.nextFloat(in: range)
        #expect(range.contains(number), "\(number) in \(range)")
      }
    }
  }

  @Test func indicesAreSpreadEvenlyBelowTheirBound() {
    var generator = SeededGenerator(seed: 3)
    var counts = [Int](repeating: 0, count: 10)
    for _ in 0..<100_000 { counts[generator.nextIndex(below: 10)] += 1 }
    let chiSquare = counts.reduce(0.0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 }
    // With nine degrees of freedom chi-square has mean 9 and standard deviation sqrt(18) = 4.2; five of them above.
    #expect(chiSquare < 30.2, "\(counts)")
  }

  @Test func aBoundOfOneLeavesOnlyZeroAndTheLargestBoundWorks() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<100 {
      #expect(generator.nextIndex(below: 1) == 0)
      #expect((0..<Int.max).contains(generator.nextIndex(below: .max)))
    }
  }
}
