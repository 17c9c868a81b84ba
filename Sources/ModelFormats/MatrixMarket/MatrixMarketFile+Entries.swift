extension MatrixMarketFile {
  /// Reads the lines behind the size line and calls `visit` with row and column, from 0, and value of each entry, and
  /// of the one that symmetry makes of it.
  ///
  /// - Parameter readingValues: if false, the values of a coordinate file are skipped unread, and are all 1 to `visit`;
  ///   for a first pass that only counts.
  @inline(__always)
  func forEachEntry(
    readingValues: Bool, _ visit: (_ row: Int, _ column: Int, _ value: Float) -> Void
  ) throws(FormatError) {
    try TextScanner.scan(
      data, file: name, position: header.bodyPosition, line: header.bodyLine
    ) { (scanner) throws(FormatError) in
      switch layout {
      case .coordinate: try readCoordinates(&scanner, readingValues: readingValues, visit)
      case .array: try readElements(&scanner, visit)
      }
      if scanner.skipEmptyLines() {
        throw scanner.unexpected("the end of the file after \(entryCount) entries")
      }
    }
  }

  @inline(__always)
  private func readCoordinates(
    _ scanner: inout TextScanner, readingValues: Bool, _ visit: (Int, Int, Float) -> Void
  ) throws(FormatError) {
    for index in 0..<entryCount {
      guard scanner.skipEmptyLines() else { throw missing(after: index, scanner) }
      let row = try scanner.integer("a row")
      let column = try scanner.integer("a column")
      guard row > 0, row <= rows else { throw scanner.failure("row is \(row), expected 1...\(rows)") }
      guard column > 0, column <= columns else {
        throw scanner.failure("column is \(column), expected 1...\(columns)")
      }
      var value: Float = 1
      if readingValues {
        if field != .pattern { value = try self.value(&scanner) }
        // SciPy writes zeros that are stored there.
        if row == column, value != 0, symmetry == .skewSymmetric {
          throw scanner.failure("value on the diagonal is \(value), expected 0, for the matrix is skew-symmetric")
        }
        try scanner.endLine()
      } else {
        scanner.skipLine()
      }
      visit(row - 1, column - 1, value)
      if symmetry != .general, row != column {
        visit(column - 1, row - 1, symmetry == .symmetric ? value : -value)
      }
    }
  }

  @inline(__always)
  private func readElements(_ scanner: inout TextScanner, _ visit: (Int, Int, Float) -> Void) throws(FormatError) {
    if entryCount == 0 { return }
    for column in 0..<columns {
      let first = symmetry == .general ? 0 : symmetry == .symmetric ? column : column + 1
      for row in first..<rows {
        guard scanner.skipEmptyLines() else { throw missing(after: nil, scanner) }
        let value = try self.value(&scanner)
        try scanner.endLine()
        visit(row, column, value)
        if symmetry != .general, row != column {
          visit(column, row, symmetry == .symmetric ? value : -value)
        }
      }
    }
  }

  @inline(__always)
  private func value(_ scanner: inout TextScanner) throws(FormatError) -> Float {
    let value = try scanner.float(
      field == .integer ? "an integer" : "a number", mustBeInteger: field == .integer)
    if !value.isFinite, !allowingNonfinite {
      throw scanner.failure("value is \(value), expected a finite number that a Float can hold")
    }
    return value
  }

  @inline(never)
  private func missing(after count: Int?, _ scanner: TextScanner) -> FormatError {
    scanner.failure("file ends\(count.map { " after \($0) entries" } ?? ""), expected \(entryCount)")
  }
}
