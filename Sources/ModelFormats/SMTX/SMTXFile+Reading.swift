import TensorCore

extension SMTXFile {
  /// Reads a whole file.
  static func pattern(_ scanner: inout TextScanner) throws(FormatError) -> SparsityPattern {
    let (rows, columns, nnz) = try extents(&scanner)
    let offsets = try offsets(&scanner, rows: rows, nnz: nnz)
    let indexLine = scanner.line
    var indices = try indices(&scanner, columns: columns, nnz: nnz)
    if let problem = sort(&indices, offsets: offsets) { throw scanner.failure(problem, line: indexLine) }
    if scanner.skipEmptyLines() { throw scanner.unexpected("the end of the file") }
    return SparsityPattern(uncheckedRows: rows, columns: columns, rowOffsets: offsets, columnIndices: indices)
  }

  private static func extents(
    _ scanner: inout TextScanner
  ) throws(FormatError) -> (rows: Int, columns: Int, nnz: Int) {
    let rows = try scanner.integer("the number of rows", isBeforeComma: true)
    try comma(&scanner)
    let columns = try scanner.integer("the number of columns", isBeforeComma: true)
    try comma(&scanner)
    let nnz = try scanner.integer("the number of entries")
    for (name, count) in [("rows", rows), ("columns", columns), ("entries", nnz)] where count >= Int(Int32.max) {
      throw scanner.failure("the number of \(name) is \(count), expected less than \(Int32.max)")
    }
    try scanner.endLine()
    return (rows, columns, nnz)
  }

  private static func comma(_ scanner: inout TextScanner) throws(FormatError) {
    scanner.skipBlanks()
    guard scanner.take(",") else { throw scanner.unexpected("','") }
  }

  private static func offsets(
    _ scanner: inout TextScanner, rows: Int, nnz: Int
  ) throws(FormatError) -> [Int32] {
    try checkRoom(for: rows + 1, "row offsets", scanner)
    let offsets = try numbers(&scanner, count: rows + 1, "row offset") { (index, offset, previous) in
      if index == 0, offset != 0 { return "expected 0, the start of the first row" }
      if offset < previous { return "expected \(previous) or more, for no row ends before it starts" }
      if index == rows, offset != nnz { return "expected \(nnz), the number of entries" }
      return offset > nnz ? "expected at most \(nnz), the number of entries" : nil
    }
    try scanner.endLine("the end of the line after \(rows + 1) row offsets")
    return offsets
  }

  private static func indices(
    _ scanner: inout TextScanner, columns: Int, nnz: Int
  ) throws(FormatError) -> [Int32] {
    try checkRoom(for: nnz, "column indices", scanner)
    let indices = try numbers(&scanner, count: nnz, "column index") { (_, column, _) in
      column < columns ? nil : "expected less than \(columns), the number of columns"
    }
    try scanner.endLine("the end of the line after \(nnz) column indices")
    return indices
  }

  /// Refuses counts that the rest of the file has no room for, before anything is allocated for them.
  private static func checkRoom(for count: Int, _ what: String, _ scanner: TextScanner) throws(FormatError) {
    // A digit and a blank each; the last may end the file.
    if count > (scanner.remainingByteCount + 1) / 2 {
      throw scanner.failure(
        "\(count) \(what) are to follow, expected no more than fit in the \(scanner.remainingByteCount) bytes that do")
    }
  }

  /// Reads numbers of one line.
  ///
  /// - Parameter complaint: what is wrong with the number at an index, given the one before it; nil if nothing is.
  @inline(__always)
  private static func numbers(
    _ scanner: inout TextScanner, count: Int, _ what: String,
    _ complaint: (_ index: Int, _ number: Int, _ previous: Int) -> String?
  ) throws(FormatError) -> [Int32] {
    var numbers: [Int32] = []
    numbers.reserveCapacity(count)
    var previous = 0
    for index in 0..<count {
      let number = try scanner.integer("\(what) \(index) of \(count)")
      if let complaint = complaint(index, number, previous) {
        throw scanner.failure("\(what) \(index) is \(number), \(complaint)")
      }
      // Both kinds of number are held under a limit that fits.
      numbers.append(Int32(truncatingIfNeeded: number))
      previous = number
    }
    return numbers
  }

  /// Sorts the columns of each row where they are not.
  ///
  /// - Returns: what is wrong if a row has a column twice.
  private static func sort(_ indices: inout [Int32], offsets: [Int32]) -> String? {
    indices.withUnsafeMutableBufferPointer { indices in
      for row in 0..<offsets.count - 1 {
        var columns = UnsafeMutableBufferPointer(rebasing: indices[Int(offsets[row])..<Int(offsets[row + 1])])
        if columns.count < 2 || (1..<columns.count).allSatisfy({ columns[$0 - 1] < columns[$0] }) { continue }
        columns.sort()
        if let repeated = (1..<columns.count).first(where: { columns[$0 - 1] == columns[$0] }) {
          return "row \(row) has column \(columns[repeated]) twice, expected it once"
        }
      }
      return nil
    }
  }
}
