import TensorCore

/// Another pattern for a sparse matrix, and where each of its stored positions comes from.
///
/// `sources` is what an optimizer's state has to follow as well: survivors keep their bits, what grew starts at zero.
public struct PatternChange: Hashable, Sendable {
  /// The stored positions from now on.
  public let pattern: SparsityPattern
  /// For each position of `pattern` its position in the old one, or -1 where it grew.
  public let sources: [Int32]
  /// The number of positions that the old pattern stored.
  public let previousCount: Int

  init(pattern: SparsityPattern, sources: [Int32], previousCount: Int) {
    assert(pattern.nnz == sources.count, "PatternChange: \(sources.count) sources for \(pattern.nnz) positions")
    self.pattern = pattern
    self.sources = sources
    self.previousCount = previousCount
  }

  /// The change of a pattern that keeps some of its entries: of entry after entry, each once, asks whether it stays.
  init(of old: SparsityPattern, keeping keeps: (_ entry: Int) -> Bool) {
    var offsets: [Int32] = [0]
    var indices: [Int32] = []
    var sources: [Int32] = []
    offsets.reserveCapacity(old.rows + 1)
    for row in 0..<old.rows {
      for entry in old.entries(ofRow: row) where keeps(entry) {
        indices.append(old.columnIndices[entry])
        sources.append(Int32(entry))
      }
      offsets.append(Int32(indices.count))
    }
    self.init(
      pattern: SparsityPattern(
        uncheckedRows: old.rows, columns: old.columns, rowOffsets: offsets, columnIndices: indices),
      sources: sources, previousCount: old.nnz)
  }

  /// The change that changes nothing.
  public init(unchanged pattern: SparsityPattern) {
    self.init(of: pattern) { _ in true }
  }

  /// The number of positions that the old pattern did not store.
  public var grownCount: Int { sources.count { $0 < 0 } }

  /// What belongs to the old positions, moved to the new ones: zero where one grew.
  ///
  /// - Precondition: one element for each old position.
  public func moved(_ old: [Float]) -> [Float] {
    precondition(
      old.count == previousCount, "PatternChange: \(old.count) elements for \(previousCount) old positions")
    return sources.map { $0 < 0 ? 0 : old[Int($0)] }
  }

  /// The matrix with the new pattern: survivors with their values, zero where a position grew.
  ///
  /// - Precondition: the matrix has the old pattern.
  public func applied(to matrix: CSRMatrix) -> CSRMatrix {
    precondition(
      matrix.rows == pattern.rows && matrix.columns == pattern.columns,
      "PatternChange: of \(pattern.rows) x \(pattern.columns), applied to \(matrix.rows) x \(matrix.columns)")
    return CSRMatrix(uncheckedPattern: pattern, values: moved(matrix.values))
  }
}
