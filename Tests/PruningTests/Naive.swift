import Pruning
import TensorCore
import Testing

/// Pruning written as its definition, with sorting and dense masks.
enum Naive {
  /// Whether `left` is lower than `right`: NaN above infinity, of equal ones the first lower.
  private static func isLower(_ left: (Float, Int), _ right: (Float, Int)) -> Bool {
    if left.0.isNaN != right.0.isNaN { return right.0.isNaN }
    return left.0 == right.0 || left.0.isNaN ? left.1 < right.1 : left.0 < right.0
  }

  /// The indices of the highest scores, ascending.
  static func highest(_ count: Int, of scores: [Float]) -> [Int] {
    let order = scores.indices.sorted { isLower((scores[$0], $0), (scores[$1], $1)) }
    return order.suffix(count).sorted()
  }

  /// The flat positions that a pattern stores, ascending.
  static func positions(_ pattern: SparsityPattern) -> [Int] {
    pattern.mask().enumerated().filter(\.element).map(\.offset)
  }
}

/// Scores with ties, both zeros, infinities and now and then NaN.
func awkwardScores(_ count: Int, using generator: inout SeededGenerator) -> [Float] {
  (0..<count).map { _ in
    switch generator.nextIndex(below: 12) {
    case 0: 0
    case 1: -0.0
    case 2: .infinity
    case 3: -.infinity
    case 4: .nan
    case 5: -.nan
    case 6: .leastNonzeroMagnitude
    case 7, 8: Float(generator.nextIndex(below: 5)) - 2
    default: generator.nextFloat(in: -4..<4)
    }
  }
}

/// A matrix with about this density, an empty row among its rows.
func matrix(_ rows: Int, _ columns: Int, density: Float, using generator: inout SeededGenerator) throws -> CSRMatrix {
  let elements = (0..<rows * columns).map { index -> Float in
    let isStored = index / max(columns, 1) != 1 && generator.nextUnit() < density
    return isStored ? generator.nextFloat(in: 0.001..<1) * (generator.nextUnit() < 0.5 ? 1 : -1) : 0
  }
  return try CSRMatrix(Tensor(elements, shape: [rows, columns]))
}

/// What must hold of every change: right arrays, survivors bit for bit at their places, zero everywhere else.
func expectSound(
  _ change: PatternChange, of old: CSRMatrix, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(throws: Never.self, sourceLocation: sourceLocation) { try change.pattern.checkInvariants() }
  let new = change.applied(to: old)
  let oldPositions = Naive.positions(old.pattern)
  let newPositions = Naive.positions(new.pattern)
  #expect(change.sources.count == newPositions.count, sourceLocation: sourceLocation)
  #expect(change.previousCount == old.nnz, sourceLocation: sourceLocation)
  for (entry, source) in change.sources.enumerated() {
    let isSurvivor = source >= 0
    #expect(oldPositions.contains(newPositions[entry]) == isSurvivor, sourceLocation: sourceLocation)
    if isSurvivor {
      #expect(newPositions[entry] == oldPositions[Int(source)], sourceLocation: sourceLocation)
      #expect(
        new.values[entry].bitPattern == old.values[Int(source)].bitPattern, sourceLocation: sourceLocation)
    } else {
      #expect(new.values[entry].bitPattern == 0, sourceLocation: sourceLocation)
    }
  }
}
