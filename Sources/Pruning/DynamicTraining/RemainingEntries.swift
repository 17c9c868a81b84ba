import TensorCore

/// The entries of a matrix that are left when its smallest are dropped, and the positions that may grow then.
///
/// A position is `row * columns + column`.
struct RemainingEntries {
  private let pattern: SparsityPattern
  private let count: Int
  // By entry: true = kept.
  private let isKept: [Bool]

  init(_ weights: CSRMatrix, count: Int) {
    pattern = weights.pattern
    self.count = count
    let values = weights.values
    var selection = TopSelection(highest: count) { body in
      for value in values { body(TopSelection.key(value.magnitude)) }
    }
    isKept = values.map { selection.takes(TopSelection.key($0.magnitude)) }
  }

  /// Positions that are not stored any more, spread evenly, ascending.
  func randomPositions(_ grown: Int, using generator: inout SeededGenerator) -> [Int] {
    // Floyd's sampling (Bentley and Floyd, "A sample of brilliance", CACM 1987) of ranks among the free positions.
    let free = pattern.rows * pattern.columns - count
    var ranks: Set<Int> = []
    for last in free - grown..<free {
      let rank = generator.nextIndex(below: last + 1)
      ranks.insert(ranks.contains(rank) ? last : rank)
    }
    var positions: [Int] = []
    positions.reserveCapacity(grown)
    var sorted = ranks.sorted()[...]
    var keptBefore = 0
    forEachKept { position in
      while let rank = sorted.first, rank + keptBefore < position {
        positions.append(rank + keptBefore)
        sorted.removeFirst()
      }
      keptBefore += 1
    }
    return positions + sorted.map { $0 + keptBefore }
  }

  /// The positions that are not stored any more where the gradient is largest, ascending.
  func steepestPositions(_ grown: Int, _ gradient: UnsafeBufferPointer<Float>) -> [Int] {
    var selection = TopSelection(highest: grown) { body in
      forEachFree { body(TopSelection.key(gradient[$0].magnitude)) }
    }
    var positions: [Int] = []
    positions.reserveCapacity(grown)
    forEachFree { position in
      if selection.takes(TopSelection.key(gradient[position].magnitude)) { positions.append(position) }
    }
    return positions
  }

  /// The change to the kept entries and these positions, which must be free and ascending.
  func growing(_ positions: [Int]) -> PatternChange {
    var grown = positions[...]
    var offsets: [Int32] = [0]
    var indices: [Int32] = []
    var sources: [Int32] = []
    offsets.reserveCapacity(pattern.rows + 1)
    indices.reserveCapacity(count + positions.count)
    sources.reserveCapacity(count + positions.count)
    for row in 0..<pattern.rows {
      func grow(before end: Int) {
        while let position = grown.first, position < end {
          indices.append(Int32(position - row * pattern.columns))
          sources.append(-1)
          grown.removeFirst()
        }
      }
      for entry in pattern.entries(ofRow: row) {
        let position = row * pattern.columns + Int(pattern.columnIndices[entry])
        grow(before: position)
        let growsAgain = grown.first == position
        if growsAgain { grown.removeFirst() }
        if isKept[entry] || growsAgain {
          indices.append(pattern.columnIndices[entry])
          sources.append(Int32(entry))
        }
      }
      grow(before: (row + 1) * pattern.columns)
      offsets.append(Int32(indices.count))
    }
    return PatternChange(
      pattern: SparsityPattern(
        uncheckedRows: pattern.rows, columns: pattern.columns, rowOffsets: offsets, columnIndices: indices),
      sources: sources, previousCount: pattern.nnz)
  }

  private func forEachKept(_ body: (_ position: Int) -> Void) {
    for row in 0..<pattern.rows {
      for entry in pattern.entries(ofRow: row) where isKept[entry] {
        body(row * pattern.columns + Int(pattern.columnIndices[entry]))
      }
    }
  }

  private func forEachFree(_ body: (_ position: Int) -> Void) {
    var next = 0
    forEachKept { position in
      for free in next..<position { body(free) }
      next = position + 1
    }
    for free in next..<pattern.rows * pattern.columns { body(free) }
  }
}
