/// The banner and the size line of a Matrix Market file, checked against the bytes that follow.
struct MatrixMarketHeader {
  let layout: MatrixMarketFile.Layout
  let field: MatrixMarketFile.Field
  let symmetry: MatrixMarketFile.Symmetry
  let rows: Int
  let columns: Int
  /// The number of lines that must follow.
  let entryCount: Int
  /// Where those lines begin: the byte, and the number of the line.
  let bodyPosition: Int
  let bodyLine: Int

  /// Reads the header at the start of a file.
  init(_ scanner: inout TextScanner) throws(FormatError) {
    (layout, field, symmetry) = try Self.banner(&scanner)
    while scanner.skipEmptyLines(), scanner.take("%") { scanner.skipLine() }
    let sizeLine = scanner.line
    rows = try scanner.integer("the number of rows")
    columns = try scanner.integer("the number of columns")
    let announced = layout == .coordinate ? try scanner.integer("the number of entries") : nil
    try scanner.endLine("the end of the size line")
    bodyPosition = scanner.position
    bodyLine = scanner.line

    for (name, count) in [("rows", rows), ("columns", columns), ("entries", announced ?? 0)]
    where count >= Int(Int32.max) {
      throw scanner.failure("the number of \(name) is \(count), expected less than \(Int32.max)", line: sizeLine)
    }
    if symmetry != .general, rows != columns {
      throw scanner.failure(
        "size is \(rows) x \(columns), expected a square, for the matrix is \(symmetry.rawValue)", line: sizeLine)
    }
    entryCount = announced ?? Self.elementCount(rows: rows, columns: columns, symmetry)
    if entryCount > 0, rows == 0 || columns == 0 {
      throw scanner.failure("\(entryCount) entries in \(rows) x \(columns), expected none", line: sizeLine)
    }
    let shortestLine = layout == .array ? "0\n" : field == .pattern ? "1 1\n" : "1 1 0\n"
    // The last line need not end.
    if entryCount > (scanner.remainingByteCount + 1) / shortestLine.utf8.count {
      throw scanner.failure(
        "\(entryCount) lines of \(shortestLine.utf8.count) bytes or more are to follow, "
          + "expected no more than the \(scanner.remainingByteCount) bytes that do", line: sizeLine)
    }
  }

  /// The number of elements that an array file holds.
  private static func elementCount(rows: Int, columns: Int, _ symmetry: MatrixMarketFile.Symmetry) -> Int {
    switch symmetry {
    case .general: rows * columns
    case .symmetric: rows * (rows + 1) / 2
    case .skewSymmetric: rows * (rows - 1) / 2
    }
  }

  private static func banner(
    _ scanner: inout TextScanner
  ) throws(FormatError) -> (MatrixMarketFile.Layout, MatrixMarketFile.Field, MatrixMarketFile.Symmetry) {
    _ = try word(&scanner, ["%%matrixmarket": true], "'%%MatrixMarket'")
    _ = try word(&scanner, ["matrix": true], "'matrix'")
    let layout = try word(
      &scanner, ["coordinate": MatrixMarketFile.Layout.coordinate, "array": .array], "'coordinate' or 'array'")
    let field = try word(
      &scanner,
      [
        "real": MatrixMarketFile.Field.real, "double": .real, "integer": .integer, "unsigned-integer": .integer,
        "pattern": .pattern,
      ], "'real', 'integer' or 'pattern'")
    let symmetry = try word(
      &scanner,
      ["general": MatrixMarketFile.Symmetry.general, "symmetric": .symmetric, "skew-symmetric": .skewSymmetric],
      "'general', 'symmetric' or 'skew-symmetric'")
    if field == .pattern, layout == .array {
      throw scanner.failure("an array of 'pattern' has no elements, expected 'real' or 'integer'")
    }
    try scanner.endLine("the end of the banner")
    return (layout, field, symmetry)
  }

  /// Reads one of the words that may stand at a place of the banner.
  private static func word<Meaning>(
    _ scanner: inout TextScanner, _ meanings: [String: Meaning], _ expected: String
  ) throws(FormatError) -> Meaning {
    let before = scanner
    guard let meaning = meanings[scanner.word().lowercased()] else { throw before.unexpected(expected) }
    return meaning
  }
}
