/// Weights in double precision, one matrix per group of channels, whose values can be replaced.
struct GroupedDoubles<Matrix: InterleavedProduct>: Sendable {
  /// One matrix per group.
  private(set) var matrices: [Matrix]
  /// For each entry, in the order of the matrices, its position in the CSR matrix that was prepared.
  private let sources: [Int32]

  /// - Precondition: as many sources as the matrices have entries.
  init(matrices: [Matrix], sources: [Int32]) {
    assert(sources.count == matrices.reduce(0) { $0 + $1.entries.nnz }, "GroupedDoubles: a source for each entry")
    self.matrices = matrices
    self.sources = sources
  }

  /// The bytes of the matrices and of what it takes to replace their values.
  var byteCount: Int {
    matrices.reduce(0) { $0 + $1.entries.byteCount } + sources.count * MemoryLayout<Int32>.stride
  }

  /// Replaces every value.
  ///
  /// - Parameter values: in the order of the CSR matrix that was prepared.
  /// - Precondition: one per entry.
  mutating func replaceValues(_ values: [Float]) {
    precondition(
      values.count == sources.count, "replaceValues: \(values.count) values, expected nnz = \(sources.count)")
    var next = 0
    for group in matrices.indices {
      for position in 0..<matrices[group].entries.nnz {
        matrices[group].entries.values[position] = Double(values[Int(sources[next])])
        next += 1
      }
    }
  }
}
