/// The highest of some scores, given in order: how high one has to be, and how many that are just as high are not among
/// them.
///
/// Of equal scores the first are left out; a NaN counts as higher than infinity, so that it is kept and can be found; -0
/// equals 0. Radix selection: three passes over the scores, no copy of them, no case that is worse than others.
struct TopSelection {
  private let threshold: UInt32
  private var skippedTies: Int

  /// The bits of a score in an order of unsigned integers.
  static func key(_ score: Float) -> UInt32 {
    if score.isNaN { return .max }
    let bits = (score + 0).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }

  /// Finds the `count` highest of the keys with which `visit` calls its argument.
  ///
  /// - Parameter visit: called three times; must give the same keys in the same order.
  /// - Precondition: there are `count` keys or more.
  init(highest count: Int, visit: ((UInt32) -> Void) -> Void) {
    var wanted = count
    var prefix: UInt32 = 0
    var ties = 0
    if count > 0 {
      for (shift, width) in [(21, 11), (10, 11), (0, 10)] as [(UInt32, UInt32)] {
        var counts = [Int](repeating: 0, count: 1 << width)
        // Of what is above this digit all must be as found so far.
        let above = UInt64(shift + width)
        counts.withUnsafeMutableBufferPointer { counts in
          visit { key in
            if UInt64(key) >> above == UInt64(prefix) >> above { counts[Int(key >> shift) & (counts.count - 1)] += 1 }
          }
        }
        var digit = counts.count - 1
        while digit > 0 && counts[digit] < wanted {
          wanted -= counts[digit]
          digit -= 1
        }
        precondition(
          counts[digit] >= wanted, "TopSelection: \(count) of fewer scores, \(wanted - counts[digit]) too many")
        prefix |= UInt32(digit) << shift
        ties = counts[digit]
      }
      threshold = prefix
      skippedTies = ties - wanted
    } else {
      threshold = .max
      skippedTies = .max
    }
  }

  /// Finds the `count` highest of some scores, all arrays together.
  init(highest count: Int, of scores: [[Float]]) {
    self.init(highest: count) { body in
      for scores in scores {
        for score in scores { body(Self.key(score)) }
      }
    }
  }

  /// Whether the next score is among the highest; to be asked about each once, in the order in which they were given.
  mutating func takes(_ key: UInt32) -> Bool {
    if key != threshold { return key > threshold }
    if skippedTies == 0 { return true }
    skippedTies -= 1
    return false
  }
}
