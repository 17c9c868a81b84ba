import TensorCore

/// What form the kept weights have.
///
/// Everywhere the highest scores are kept; of equal scores the first in row-major order are pruned, and a NaN counts as
/// higher than infinity. A mask only takes away: positions that are not stored stay so.
public enum PruningMask: Hashable, Sendable, Codable {
  /// Any weights.
  case unstructured
  /// Of each `m` weights along a row, `n` at most (N:M). The `m` are columns `spacing` apart: with 1 neighbours in
  /// memory, with kernelHeight * kernelWidth of OIHW weights consecutive input channels at one place of the kernel,
  /// which is how NVIDIA's 2:4 lies. Fewer than `m` at a row's end are a group too. Zhou et al., "Learning N:M
  /// fine-grained structured sparse neural networks from scratch", ICLR 2021, <https://arxiv.org/abs/2102.04010>.
  case nOfM(n: Int, m: Int, spacing: Int)
  /// Whole output channels, that is rows, by the sum of their scores; with the magnitude as score their L1 norm. Rows
  /// that store nothing go first. Li et al., "Pruning filters for efficient ConvNets", ICLR 2017,
  /// <https://arxiv.org/abs/1608.08710>.
  case outputChannels

  /// The change that keeps about `count` weights of a layer.
  ///
  /// - Parameters:
  ///   - pattern: what is stored now.
  ///   - scores: one for each stored position.
  ///   - count: ``unstructured`` keeps exactly so many, or all if fewer are stored; ``outputChannels`` keeps
  ///     count / columns rows, rounded; ``nOfM(n:m:spacing:)`` does not look at it.
  /// - Precondition: counts agree; `count` is not negative; 0 <= n <= m, m and spacing are 1 or more, and the spacing
  ///   divides the columns.
  /// - Complexity: O(rows + nnz); for N:M O(nnz log(longest row)), for channels O(nnz + rows log(rows)).
  public func change(of pattern: SparsityPattern, scores: [Float], keeping count: Int) -> PatternChange {
    precondition(
      scores.count == pattern.nnz, "PruningMask: \(scores.count) scores for \(pattern.nnz) stored positions")
    precondition(count >= 0, "PruningMask: \(count) weights to be kept, expected zero or more")
    switch self {
    case .unstructured:
      var selection = TopSelection(highest: min(count, scores.count), of: [scores])
      return PatternChange(of: pattern) { selection.takes(TopSelection.key(scores[$0])) }
    case .nOfM(let n, let m, let spacing):
      let kept = Self.kept(pattern, scores, n: n, m: m, spacing: spacing)
      return PatternChange(of: pattern) { kept[$0] }
    case .outputChannels:
      let rows = (Double(count) / Double(max(pattern.columns, 1))).rounded()
      let kept = Self.keptRows(pattern, scores, count: min(Int(rows), pattern.rows))
      var row = 0
      return PatternChange(of: pattern) { entry in
        while Int(pattern.rowOffsets[row + 1]) <= entry { row += 1 }
        return kept[row]
      }
    }
  }

  private static func kept(
    _ pattern: SparsityPattern, _ scores: [Float], n: Int, m: Int, spacing: Int
  ) -> [Bool] {
    precondition(n >= 0 && n <= m && m > 0, "PruningMask: \(n):\(m), expected n in 0...m")
    precondition(
      spacing > 0 && pattern.columns.isMultiple(of: spacing),
      "PruningMask: spacing \(spacing), expected a divisor of \(pattern.columns) columns")
    var kept = [Bool](repeating: false, count: scores.count)
    var order: [(group: Int, key: UInt32, entry: Int)] = []
    for row in 0..<pattern.rows {
      order.removeAll(keepingCapacity: true)
      for entry in pattern.entries(ofRow: row) {
        let column = Int(pattern.columnIndices[entry])
        let group = column / (m * spacing) * spacing + column % spacing
        order.append((group, TopSelection.key(scores[entry]), entry))
      }
      // In each group the highest first, of equal ones the last.
      order.sort { ($0.group, $1.key, $1.entry) < ($1.group, $0.key, $0.entry) }
      var rank = 0
      for (index, item) in order.enumerated() {
        rank = index > 0 && order[index - 1].group == item.group ? rank + 1 : 0
        kept[item.entry] = rank < n
      }
    }
    return kept
  }

  private static func keptRows(_ pattern: SparsityPattern, _ scores: [Float], count: Int) -> [Bool] {
    let sums = (0..<pattern.rows).map { row in
      let entries = pattern.entries(ofRow: row)
      return entries.isEmpty ? -Double.infinity : entries.reduce(0) { $0 + Double(scores[$1]) }
    }
    // Comparing NaN gives false, so that its place has to be said.
    let order = sums.indices.sorted { left, right in
      if sums[left].isNaN != sums[right].isNaN { return sums[left].isNaN }
      return sums[left] == sums[right] || sums[left].isNaN ? left > right : sums[left] > sums[right]
    }
    var kept = [Bool](repeating: false, count: pattern.rows)
    for row in order.prefix(count) { kept[row] = true }
    return kept
  }
}
