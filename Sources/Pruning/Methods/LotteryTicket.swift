import TensorCore

/// The weights as they were early, to which what survives pruning is reset: lottery tickets.
///
/// Record the layers before the first step, or after a few; train; prune; rewind; train again. Frankle and Carbin, "The
/// lottery ticket hypothesis", ICLR 2019, <https://arxiv.org/abs/1803.03635>.
public struct LotteryTicket: Hashable, Sendable {
  /// The weights as they were recorded, by the layers' names.
  public private(set) var recorded: [String: CSRMatrix]

  /// Creates a record, empty or from what a checkpoint held.
  public init(recorded: [String: CSRMatrix] = [:]) {
    self.recorded = recorded
  }

  /// Records a layer's weights, in place of those recorded before.
  public mutating func record(_ name: String, _ weights: CSRMatrix) {
    recorded[name] = weights
  }

  /// The recorded values at the positions of a pattern: zero at one that was not stored then.
  ///
  /// - Precondition: the layer was recorded, with as many rows and columns.
  /// - Complexity: O(rows + entries of both).
  public func rewound(_ name: String, to pattern: SparsityPattern) -> CSRMatrix {
    guard let early = recorded[name] else {
      preconditionFailure("LotteryTicket: \(name) was not recorded, expected one of \(recorded.keys.sorted())")
    }
    precondition(
      early.rows == pattern.rows && early.columns == pattern.columns,
      "LotteryTicket: \(name) is \(pattern.rows) x \(pattern.columns), recorded \(early.rows) x \(early.columns)")
    var values: [Float] = []
    values.reserveCapacity(pattern.nnz)
    for row in 0..<pattern.rows {
      var old = early.pattern.entries(ofRow: row)
      for entry in pattern.entries(ofRow: row) {
        let column = pattern.columnIndices[entry]
        while let first = old.first, early.columnIndices[first] < column { old.removeFirst() }
        let isStored = !old.isEmpty && early.columnIndices[old.lowerBound] == column
        values.append(isStored ? early.values[old.lowerBound] : 0)
      }
    }
    return CSRMatrix(uncheckedPattern: pattern, values: values)
  }
}
