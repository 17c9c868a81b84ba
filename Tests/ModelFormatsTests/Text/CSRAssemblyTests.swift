import TensorCore
import Testing

import ModelFormats

@Suite struct CSRAssemblyTests {
  /// Assembles entries; `second` is what the second pass sees of them.
  private func assemble(
    _ entries: [COOEntry], second: [COOEntry]? = nil, rows: Int, columns: Int
  ) -> (matrix: CSRMatrix?, longestUnsortedRow: Int?) {
    var assembly = CSRAssembly(rows: rows, columns: columns)
    do throws(FormatError) {
      try assembly.count { count in for entry in entries { count(entry.row) } }
      guard
        try assembly.place({ place in for entry in second ?? entries { place(entry.row, entry.column, entry.value) } })
      else { return (nil, nil) }
    } catch { return (nil, nil) }
    let longest = assembly.longestUnsortedRow
    if let longest { assembly.sort(longest: longest) }
    assembly.merge()
    return (assembly.matrix(), longest)
  }

  @Test func entriesInAnyOrderBecomeTheMatrixThatCoordinatesMake() throws {
    var generator = SeededGenerator(seed: 5)
    for (rows, columns, count) in [(1, 1, 9), (1, 300, 200), (7, 5, 100), (200, 3, 50), (40, 40, 1_000), (3, 3, 0)] {
      // Values whose sum depends on the order of those in one place.
      let entries = (0..<count).map { _ in
        COOEntry(
          row: generator.nextIndex(below: rows), column: generator.nextIndex(below: columns),
          value: generator.nextFloat(in: -1..<1) * (generator.nextIndex(below: 2) == 0 ? 1 : 1_000_000))
      }
      let expected = try CSRMatrix(rows: rows, columns: columns, entries: entries)
      #expect(assemble(entries, rows: rows, columns: columns).matrix == expected)
      #expect(assemble(expected.coordinates(), rows: rows, columns: columns).longestUnsortedRow == nil)
    }
    #expect(assemble([], rows: 0, columns: 0).matrix?.nnz == 0)
  }

  @Test func onlyRowsOutOfOrderCountForTheScratch() {
    let entries = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 0), (2, 1), (2, 1), (2, 1), (2, 1)].map {
      COOEntry(row: $0.0, column: $0.1, value: 1)
    }
    let result = assemble(entries, rows: 3, columns: 3)
    #expect(result.longestUnsortedRow == 2)
    #expect(result.matrix?.rowOffsets == [0, 3, 5, 6])
    #expect(result.matrix?.values == [1, 1, 1, 1, 1, 4])
  }

  @Test func entriesThatChangeBetweenThePassesAreNoticed() {
    let first = [COOEntry(row: 0, column: 0, value: 1), COOEntry(row: 1, column: 1, value: 2)]
    let last = COOEntry(row: 1, column: 0, value: 1)
    #expect(assemble(first, second: first + [last], rows: 2, columns: 2).matrix == nil)
    #expect(assemble(first, second: [last, last], rows: 2, columns: 2).matrix == nil)
    #expect(assemble(first, second: [], rows: 2, columns: 2).matrix == nil)
  }
}
