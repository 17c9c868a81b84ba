extension Tensor {
  /// A tensor of random elements, spread evenly over a range.
  public static func random(
    _ shape: Shape, in range: Range<Float> = -1..<1, using generator: inout SeededGenerator
  ) -> Tensor {
    Tensor(uninitialized: shape) { elements in
      for index in elements.indices {
        elements.initializeElement(at: index, to: generator.nextFloat(in: range))
      }
    }
  }

  /// A tensor of random integers in `-magnitude...magnitude`, on which sums of products are exact in `Float` while
  /// they stay below 2^24.
  public static func randomIntegers(
    _ shape: Shape, magnitude: Int, using generator: inout SeededGenerator
  ) -> Tensor {
    Tensor(uninitialized: shape) { elements in
      for index in elements.indices {
        elements.initializeElement(at: index, to: Float(generator.nextIndex(below: 2 * magnitude + 1) - magnitude))
      }
    }
  }

  /// This tensor with its smallest elements set to zero, so that the fraction `sparsity` of all elements is zero.
  ///
  /// Magnitude pruning (Han et al., "Learning both weights and connections for efficient neural networks", NIPS 2015,
  /// <https://arxiv.org/abs/1506.02626>), over the whole tensor at once. Of equal magnitudes the first are pruned; a NaN
  /// counts as larger than infinity, so that it stays and can be found.
  ///
  /// - Precondition: `sparsity` is in 0...1.
  /// - Complexity: O(n log n) for n elements.
  public func magnitudePruned(sparsity: Double) -> Tensor {
    precondition((0...1).contains(sparsity), "magnitudePruned: sparsity \(sparsity), expected 0...1")
    let prunedCount = Int((Double(count) * sparsity).rounded())
    // The bits of floats without a sign are ordered as the floats are, and unlike `<` on floats they order NaN too.
    let magnitudes = values.map(\.magnitude.bitPattern)
    let order = magnitudes.indices.sorted { (magnitudes[$0], $0) < (magnitudes[$1], $1) }
    var pruned = self
    pruned.withUnsafeMutableBufferPointer { buffer in
      for index in order.prefix(prunedCount) { buffer[index] = 0 }
    }
    return pruned
  }
}

extension SparsityPattern {
  /// A random pattern with exactly `round((1 - sparsity) * rows * columns)` entries, each set of positions equally
  /// likely.
  ///
  /// Selection sampling: Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S.
  ///
  /// - Precondition: `sparsity` is in 0...1.
  /// - Complexity: O(rows * columns).
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public static func random(
    rows: Int, columns: Int, sparsity: Double, using generator: inout SeededGenerator
  ) throws(SparseMatrixError) -> SparsityPattern {
    precondition((0...1).contains(sparsity), "SparsityPattern: sparsity \(sparsity), expected 0...1")
    try checkExtents(rows: rows, columns: columns, nnz: 0)
    let (positions, overflow) = rows.multipliedReportingOverflow(by: columns)
    if overflow { throw .tooLarge("rows * columns", count: Int.max) }
    var wanted = Int((Double(positions) * (1 - sparsity)).rounded())
    try checkExtents(rows: rows, columns: columns, nnz: wanted)
    var remaining = positions
    var offsets: [Int32] = [0]
    var indices: [Int32] = []
    offsets.reserveCapacity(rows + 1)
    indices.reserveCapacity(wanted)
    for _ in 0..<rows {
      for column in 0..<columns {
        if wanted > 0, generator.nextIndex(below: remaining) < wanted {
          indices.append(Int32(column))
          wanted -= 1
        }
        remaining -= 1
      }
      offsets.append(Int32(indices.count))
    }
    return SparsityPattern(uncheckedRows: rows, columns: columns, rowOffsets: offsets, columnIndices: indices)
  }
}

extension CSRMatrix {
  /// A random matrix: a random pattern (see ``SparsityPattern/random(rows:columns:sparsity:using:)``) with values spread
  /// evenly over a range.
  ///
  /// - Precondition: `sparsity` is in 0...1.
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public static func random(
    rows: Int, columns: Int, sparsity: Double, in range: Range<Float> = -1..<1, using generator: inout SeededGenerator
  ) throws(SparseMatrixError) -> CSRMatrix {
    let pattern = try SparsityPattern.random(rows: rows, columns: columns, sparsity: sparsity, using: &generator)
    var values: [Float] = []
    values.reserveCapacity(pattern.nnz)
    for _ in 0..<pattern.nnz { values.append(generator.nextFloat(in: range)) }
    return CSRMatrix(uncheckedPattern: pattern, values: values)
  }
}
