/// What a kernel expects a warm call to take: a sum of terms, each a time that the machine's rates set and a factor that was
/// fitted to measurements.
///
/// The factors say what a rate alone does not know, such as which share of it a kernel reaches. They are ratios, so they hold on other
/// machines about as well as here. `Benchmarks/Performance/fit-costs.py` finds them anew.
public struct ConvCost: Hashable, Sendable {
  /// A part of the time.
  public struct Term: Hashable, Sendable {
    /// What is done.
    public let name: String
    /// How long that takes at the machine's rate.
    public let idealSeconds: Double
    /// How many times as long it takes in fact.
    public let factor: Double

    /// Creates a term.
    public init(_ name: String, idealSeconds: Double, factor: Double) {
      self.name = name
      self.idealSeconds = idealSeconds
      self.factor = factor
    }

    /// How long it is expected to take.
    public var seconds: Double { idealSeconds * factor }
  }

  /// The parts.
  public let terms: [Term]

  /// The sum of some terms.
  public init(_ terms: [Term]) { self.terms = terms }

  /// How long a call is expected to take.
  public var seconds: Double { terms.reduce(0) { $0 + $1.seconds } }
}
