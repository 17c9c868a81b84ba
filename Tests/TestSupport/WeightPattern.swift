import TensorCore

/// Where the weights of a test are stored: random at several sparsities, and the rows that kernels stumble over.
package enum WeightPattern: String, CaseIterable, Sendable {
  case allDense, half, mostlyZero, allZero, firstRowEmpty, middleRowFull, onlyLastRow

  /// The stored positions of a matrix.
  package func positions(
    rows: Int, columns: Int, using generator: inout SeededGenerator
  ) throws -> SparsityPattern {
    switch self {
    case .allDense: return try .random(rows: rows, columns: columns, sparsity: 0, using: &generator)
    case .half: return try .random(rows: rows, columns: columns, sparsity: 0.5, using: &generator)
    case .mostlyZero: return try .random(rows: rows, columns: columns, sparsity: 0.9, using: &generator)
    case .allZero: return try .random(rows: rows, columns: columns, sparsity: 1, using: &generator)
    case .firstRowEmpty:
      return try half(rows: rows, columns: columns, using: &generator) { $0 == 0 ? 0 : nil }
    case .middleRowFull:
      return try half(rows: rows, columns: columns, using: &generator) { $0 == rows / 2 ? 1 : 0.1 }
    case .onlyLastRow:
      return try half(rows: rows, columns: columns, using: &generator) { $0 == rows - 1 ? nil : 0 }
    }
  }

  /// A matrix of small integers, none zero, on which sums of products are exact in `Float`.
  package func integers(rows: Int, columns: Int, using generator: inout SeededGenerator) throws -> CSRMatrix {
    let pattern = try positions(rows: rows, columns: columns, using: &generator)
    let values = (0..<pattern.nnz).map { _ in
      Float(generator.nextIndex(below: 4) + 1) * (generator.nextIndex(below: 2) == 0 ? 1 : -1)
    }
    return try CSRMatrix(pattern: pattern, values: values)
  }

  /// A matrix of numbers in -1..<1.
  package func floats(rows: Int, columns: Int, using generator: inout SeededGenerator) throws -> CSRMatrix {
    let pattern = try positions(rows: rows, columns: columns, using: &generator)
    return try CSRMatrix(pattern: pattern, values: (0..<pattern.nnz).map { _ in generator.nextFloat(in: -1..<1) })
  }

  /// A random pattern of density a half, but where `density` says otherwise for a row.
  private func half(
    rows: Int, columns: Int, using generator: inout SeededGenerator, density: (Int) -> Double?
  ) throws -> SparsityPattern {
    var offsets: [Int32] = [0]
    var indices: [Int32] = []
    for row in 0..<rows {
      let share = Float(density(row) ?? 0.5)
      indices += (0..<Int32(columns)).filter { _ in generator.nextUnit() < share }
      offsets.append(Int32(indices.count))
    }
    return try SparsityPattern(rows: rows, columns: columns, rowOffsets: offsets, columnIndices: indices)
  }
}
