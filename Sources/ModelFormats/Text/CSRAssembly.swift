import TensorCore

/// Puts entries that come in any order into compressed sparse rows, without a list of them: they are visited twice,
/// first to count those of each row, then to place them.
///
/// Entries of a row keep their order until ``sort(longest:)``, which keeps the order of those in the same column.
package struct CSRAssembly {
  private let rows: Int
  private let columns: Int
  /// First the counts; while entries are placed, where the row's next goes; then the end of each row, which is the
  /// start of the next.
  private var offsets: [Int32]
  private var columnIndices: [Int32] = []
  private var values: [Float] = []
  /// The number of entries that were counted.
  package private(set) var entryCount = 0

  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    offsets = Array(repeating: 0, count: rows + 1)
  }

  /// The memory that assembling takes.
  package static func byteCount(rows: Int, entries: Int) -> Int {
    (rows + 1) * MemoryLayout<Int32>.stride + entries * (MemoryLayout<Int32>.stride + MemoryLayout<Float>.stride)
  }

  /// The memory that sorting takes besides; half of the keys again is for the library's sort.
  package static func sortingByteCount(_ longest: Int) -> Int {
    longest * (MemoryLayout<UInt64>.stride * 3 / 2 + MemoryLayout<Float>.stride)
  }

  /// Counts: `visitAll` must call its argument with the row of every entry.
  @inline(__always)
  package mutating func count(_ visitAll: ((_ row: Int) -> Void) throws(FormatError) -> Void) throws(FormatError) {
    var total = 0
    try offsets.withUnsafeMutableBufferPointer { (offsets) throws(FormatError) in
      try visitAll { row in
        offsets[row + 1] &+= 1
        total += 1
      }
    }
    entryCount = total
  }

  /// Places: `visitAll` must call its argument with every entry that was counted.
  ///
  /// - Returns: false if the entries are seen not to be those that were counted; what was placed is then of no use.
  @inline(__always)
  package mutating func place(
    _ visitAll: ((_ row: Int, _ column: Int, _ value: Float) -> Void) throws(FormatError) -> Void
  ) throws(FormatError) -> Bool {
    var start: Int32 = 0
    for row in 0..<rows {
      let count = offsets[row + 1]
      offsets[row + 1] = start
      start += count
    }
    let entryCount = entryCount
    columnIndices = Array(repeating: 0, count: entryCount)
    values = Array(repeating: 0, count: entryCount)
    var visited = 0
    var isWhole = true
    try offsets.withUnsafeMutableBufferPointer { (offsets) throws(FormatError) in
      try columnIndices.withUnsafeMutableBufferPointer { (columnIndices) throws(FormatError) in
        try values.withUnsafeMutableBufferPointer { (values) throws(FormatError) in
          try visitAll { row, column, value in
            visited += 1
            let entry = Int(offsets[row + 1])
            // A mapped file may change between the passes. Not every change can be noticed, but nothing may be written
            // beside the arrays.
            guard entry < entryCount else {
              isWhole = false
              return
            }
            columnIndices[entry] = Int32(truncatingIfNeeded: column)
            values[entry] = value
            offsets[row + 1] &+= 1
          }
        }
      }
    }
    return isWhole && visited == entryCount && (0..<rows).allSatisfy { offsets[$0] <= offsets[$0 + 1] }
  }

  /// The length of the longest row whose columns do not increase, or nil if all do; some may be equal.
  package var longestUnsortedRow: Int? {
    columnIndices.withUnsafeBufferPointer { columnIndices in
      var longest: Int?
      for row in 0..<rows {
        let range = Int(offsets[row])..<Int(offsets[row + 1])
        if range.count > max(1, longest ?? 0),
          range.dropFirst().contains(where: { columnIndices[$0] < columnIndices[$0 - 1] })
        {
          longest = range.count
        }
      }
      return longest
    }
  }

  /// Sorts each row by column; entries in the same column stay in their order.
  package mutating func sort(longest: Int) {
    var keys = [UInt64](repeating: 0, count: longest)
    var moved = [Float](repeating: 0, count: longest)
    keys.withUnsafeMutableBufferPointer { keys in
      moved.withUnsafeMutableBufferPointer { moved in
        columnIndices.withUnsafeMutableBufferPointer { columnIndices in
          values.withUnsafeMutableBufferPointer { values in
            for row in 0..<rows {
              let range = Int(offsets[row])..<Int(offsets[row + 1])
              Self.sort(
                UnsafeMutableBufferPointer(rebasing: columnIndices[range]),
                UnsafeMutableBufferPointer(rebasing: values[range]), keys: keys, moved: moved)
            }
          }
        }
      }
    }
  }

  /// Sorts a row, by keys in which the column stands before the place.
  private static func sort(
    _ columns: UnsafeMutableBufferPointer<Int32>, _ values: UnsafeMutableBufferPointer<Float>,
    keys: UnsafeMutableBufferPointer<UInt64>, moved: UnsafeMutableBufferPointer<Float>
  ) {
    let count = columns.count
    if count < 2 || (1..<count).allSatisfy({ columns[$0 - 1] <= columns[$0] }) { return }
    for index in 0..<count {
      keys[index] = UInt64(UInt32(bitPattern: columns[index])) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
      moved[index] = values[index]
    }
    var used = UnsafeMutableBufferPointer(rebasing: keys[..<count])
    used.sort()
    for index in 0..<count {
      columns[index] = Int32(truncatingIfNeeded: keys[index] >> 32)
      values[index] = moved[Int(truncatingIfNeeded: keys[index] & 0xFFFF_FFFF)]
    }
  }

  /// Makes one entry, their sum, of those in the same place, which must stand side by side.
  package mutating func merge() {
    var start = 0
    var end = 0
    for row in 0..<rows {
      let rowStart = end
      let next = Int(offsets[row + 1])
      for entry in start..<next {
        if end > rowStart, columnIndices[end - 1] == columnIndices[entry] {
          values[end - 1] += values[entry]
        } else {
          columnIndices[end] = columnIndices[entry]
          values[end] = values[entry]
          end += 1
        }
      }
      offsets[row + 1] = Int32(end)
      start = next
    }
    columnIndices.removeLast(entryCount - end)
    values.removeLast(entryCount - end)
    entryCount = end
  }

  /// The matrix.
  package consuming func matrix() -> CSRMatrix {
    CSRMatrix(
      uncheckedPattern: SparsityPattern(
        uncheckedRows: rows, columns: columns, rowOffsets: offsets, columnIndices: columnIndices),
      values: values)
  }
}
