import TensorCore

/// Weights re-indexed for a ``ChannelsLastImage``: within each row the entries are in the order in which their inputs lie
/// in memory.
struct ChannelsLastWeights {
  /// Where each row starts.
  let rowOffsets: [Int32]
  /// For each entry, how far its input lies from the start of the window.
  let windowOffsets: [Int32]
  /// For each entry, its position in the original matrix.
  let sources: [Int32]

  /// - Precondition: the window's span fits in `Int32`.
  init(_ weights: CSRMatrix, image: ChannelsLastImage) {
    rowOffsets = weights.rowOffsets
    let offsetOfColumn = (0..<weights.columns).map { Int32(image.offset(ofWeightColumn: $0)) }
    var sources: [Int32] = []
    sources.reserveCapacity(weights.nnz)
    for row in 0..<weights.rows {
      sources += weights.pattern.entries(ofRow: row).map(Int32.init).sorted {
        offsetOfColumn[Int(weights.columnIndices[Int($0)])] < offsetOfColumn[Int(weights.columnIndices[Int($1)])]
      }
    }
    windowOffsets = sources.map { offsetOfColumn[Int(weights.columnIndices[Int($0)])] }
    self.sources = sources
  }

  /// The entries of a range of rows.
  func entries(ofRows rows: Range<Int>) -> Range<Int> {
    Int(rowOffsets[rows.lowerBound])..<Int(rowOffsets[rows.upperBound])
  }

  /// Where each row of a range starts, counted from the first, and where the last ends.
  func offsets(ofRows rows: Range<Int>) -> [Int32] {
    rowOffsets[rows.lowerBound...rows.upperBound].map { $0 - rowOffsets[rows.lowerBound] }
  }
}
