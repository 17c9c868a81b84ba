extension TileCost {
  /// What differs between cores that multiply sixteen floats as one vector and those that do it in two steps, where memory weighs
  /// less beside arithmetic. Of the former, from fits to forward passes of eleven layers in random plans, on a Xeon of the
  /// fifth generation, and set by hand within these so that near ties fall as measured; of the latter, from profiles of a Zen 4.
  struct Rates: Sendable {
    /// Multiplying and adding sixteen floats, at best.
    var wideVector: Double
    /// Loading and storing a vector of partial sums, by what multiplying with it takes.
    var partialSums: Double
    /// Lines of windows from the second-level cache, and from beyond it.
    var nearLine: Double
    var farLine: Double
    /// From how much more than is near on all of a layout is far, by what is near.
    var farExcess: Double
    /// Describing a row of lanes, for all channels, where it is read and where it is stored.
    var sourceRow: Double
    var storedRow: Double
    /// Laying out a row of a channel: however short, by line, by four vectors, by vector at the edge, and by vector beyond the
    /// second-level cache.
    var row: Double
    var line: Double
    var quad: Double
    var edge: Double
    var farVector: Double
    /// Storing four vectors.
    var storedQuad: Double
    /// Whether rows are counted as bands store them, or as if each tile's were stored alone.
    var countsBands: Bool
    /// By what a row of eight lanes takes longer if another lies beside it: each writes and reads half lines.
    var secondRow: Double

    static let wholeVectors = Rates(
      wideVector: 0.75, partialSums: 3.5, nearLine: 0.3, farLine: 3, farExcess: 1, sourceRow: 1365, storedRow: 380,
      row: 6, line: 2.2, quad: 5, edge: 5.5, farVector: 14, storedQuad: 41.7, countsBands: true, secondRow: 1)
    /// Of planes as they lie, by older profiles.
    static let wholeVectorsInPlace: Rates = {
      var rates = halfVectors
      (rates.wideVector, rates.farLine) = (0.55, 4)
      return rates
    }()
    static let halfVectors = Rates(
      wideVector: 1, partialSums: 1.6, nearLine: 1, farLine: 2.5, farExcess: 0, sourceRow: 760, storedRow: 760, row: 29,
      line: 1.4, quad: 2.2, edge: 20, farVector: 6, storedQuad: 25.2, countsBands: false, secondRow: 1.8)
  }
}
