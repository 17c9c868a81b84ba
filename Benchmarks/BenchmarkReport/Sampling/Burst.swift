/// Contenders take turns in bursts of samples, so that what disturbs the machine for a while disturbs them all.
package struct Burst: Sendable {
  /// The seconds that a contender has of a burst.
  package let seconds: Double
  /// The least samples of a burst.
  package let leastCount: Int
  /// What a burst takes of a very fast contender's samples: more would not sharpen a median.
  package static let largestCount = 64
  /// How many bursts share a contender's time.
  package static let count = 8
  /// The most samples of one contender.
  package static let largestSampleCount = count * largestCount

  /// - Parameter secondsPerCase: what a contender has in all.
  package init(secondsPerCase: Double, leastCount: Int) {
    seconds = secondsPerCase / Double(Self.count)
    self.leastCount = leastCount
  }

  /// Whether a burst begins with a call that only warms the caches, which the contender before has filled: not where a call takes
  /// a good part of the burst, so that its caches warm up by themselves.
  ///
  /// - Parameter lastSample: nil before the first.
  package func warmsUp(lastSample: Double?) -> Bool { (lastSample ?? 0) < seconds / 4 }

  /// Takes samples until the burst is over, at least the least count.
  ///
  /// - Parameters:
  ///   - spent: what warming took of the burst.
  ///   - sample: takes one and returns its seconds.
  /// - Returns: the seconds that went into the burst.
  package func run(spent: Double, sample: () throws -> Double) rethrows -> Double {
    var spent = spent
    var taken = 0
    while taken < leastCount || (spent < seconds && taken < Self.largestCount) {
      spent += try sample()
      taken += 1
    }
    return spent
  }
}
