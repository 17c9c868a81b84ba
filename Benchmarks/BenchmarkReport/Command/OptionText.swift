/// The text of an option to its value, or a sentence that says what was expected.
package enum OptionText {
  /// The parts of comma-separated lists.
  package static func items(_ lists: [String]) -> [String] {
    lists.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map {
      String($0.drop(while: \.isWhitespace))
    }
  }

  /// Fractions of zeros, each once, sorted.
  ///
  /// - Parameter standard: what no list means.
  package static func sparsities(_ lists: [String], standard: [Double]) throws(BenchError) -> [Double] {
    var fractions: [Double] = []
    for text in items(lists) {
      guard let fraction = Double(text), (0...1).contains(fraction) else {
        throw .usage("--sparsity: '\(text)' is not a fraction of zeros, expected a number in 0...1")
      }
      if !fractions.contains(fraction) { fractions.append(fraction) }
    }
    return fractions.isEmpty ? standard : fractions.sorted()
  }

  /// Images per call, from 1.
  package static func batch(_ text: String?) throws(BenchError) -> Int? {
    try text.map { text throws(BenchError) in try integer(text, option: "--batch", in: 1...Int(Int32.max)) }
  }

  /// Threads per call.
  package static func threads(_ text: String?, standard: Int) throws(BenchError) -> Int {
    try text.map { text throws(BenchError) in try integer(text, option: "--threads", in: 1...1024) } ?? standard
  }

  /// The time for each contender on each case.
  package static func secondsPerCase(_ text: String?, standard: Double) throws(BenchError) -> Double {
    guard let text else { return standard }
    guard let seconds = Double(text), seconds > 0, seconds <= 3600 else {
      throw .usage("--seconds-per-case: '\(text)' is not a time, expected seconds above 0 and up to 3600")
    }
    return seconds
  }

  /// Where random numbers start: 1 where nothing is said.
  package static func seed(_ text: String?) throws(BenchError) -> UInt64 {
    guard let text else { return 1 }
    guard let seed = UInt64(text) else {
      throw .usage("--seed: '\(text)' is not a seed, expected an integer in 0...\(UInt64.max)")
    }
    return seed
  }

  private static func integer(_ text: String, option: String, in range: ClosedRange<Int>) throws(BenchError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw .usage(
        "\(option): '\(text)' is not allowed, expected an integer in \(range.lowerBound)...\(range.upperBound)")
    }
    return number
  }
}
