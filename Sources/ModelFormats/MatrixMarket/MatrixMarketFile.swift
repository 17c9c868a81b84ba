import Foundation
import TensorCore

/// A matrix in a Matrix Market file, open for reading.
///
///     let file = try MatrixMarketFile(path: "weights.mtx")
///     let weights = try file.matrix()
///
/// Opening reads the banner and the size line alone. Read are `coordinate` and `array` files; `real` (also written
/// `double`), `integer` (also `unsigned-integer`, as SciPy writes it) and `pattern`; `general`, `symmetric` and
/// `skew-symmetric`. Numbers are rounded to the nearest `Float`.
///
/// - Words of the banner may be in any case; comments, lines that start with `%`, may stand before the size line, empty
///   lines anywhere behind the banner. Lines may end with CR LF, and the last need not end.
/// - Entries may come in any order; those at the same position are summed in the order of the file.
/// - In a symmetric file an entry off the diagonal stands for two, whichever half it is in; in a skew-symmetric one the
///   second has the opposite sign, also where the values are those of a pattern, and the diagonal is zero.
/// - Reading allocates at most four times the file's size and 1 MiB, the result included, and refuses what would take
///   more: rows without entries cost 4 bytes each, so a file that claims millions of rows must have some size itself.
///
/// Stricter than SciPy's `mmread`: errors are also whatever else stands on a line (SciPy takes the Fortran number `1d5`
/// for 1), a fraction where the banner says integer, a symmetric matrix that is not square, a skew-symmetric one with a
/// diagonal, and NaN and infinities unless they are allowed.
///
/// What holds for the open file of a ``SafetensorsFile`` holds here.
///
/// The format: <https://math.nist.gov/MatrixMarket/formats.html>.
public struct MatrixMarketFile: Sendable {
  /// What stands in the lines of a file.
  public enum Layout: String, Sendable {
    /// One entry per line: its row and its column, from 1, and its value.
    case coordinate
    /// One element per line, column after column.
    case array
  }

  /// What the values are.
  public enum Field: String, Sendable {
    /// Decimal numbers.
    case real
    /// Integers.
    case integer
    /// No values; each entry counts as 1.
    case pattern
  }

  /// Which elements the file leaves out because others determine them.
  public enum Symmetry: String, Sendable {
    /// None.
    case general
    /// Those above the diagonal, equal to those below.
    case symmetric
    /// Those above the diagonal, the negatives of those below, and the diagonal, which is zero.
    case skewSymmetric = "skew-symmetric"
  }

  /// The file's path, or the name it was given.
  public let name: String
  /// What stands in the file's lines.
  public let layout: Layout
  /// What the values are.
  public let field: Field
  /// Which elements the file leaves out.
  public let symmetry: Symmetry
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The number of lines with an entry or an element.
  public let entryCount: Int

  let data: Data
  let allowingNonfinite: Bool
  let header: MatrixMarketHeader

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - allowingNonfinite: whether values may be NaN, infinite, or too large for a `Float`, which makes them infinite.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/noInput`` if the file cannot be read,
  ///   ``FormatError/Kind/badData`` if banner or size line are not as the format demands, or announce what this type
  ///   does not read, or more entries than the file has room for.
  public init(path: String, allowingNonfinite: Bool = false) throws(FormatError) {
    try self.init(data: InputFile.contents(of: path), name: path, allowingNonfinite: allowingNonfinite)
  }

  /// Opens a file whose bytes are in memory.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - name: what errors call the file.
  ///   - allowingNonfinite: whether values may be NaN, infinite, or too large for a `Float`, which makes them infinite.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData``, as above.
  public init(data: Data, name: String, allowingNonfinite: Bool = false) throws(FormatError) {
    header = try TextScanner.scan(data, file: name) { (scanner) throws(FormatError) in
      try MatrixMarketHeader(&scanner)
    }
    self.data = data
    self.name = name
    self.allowingNonfinite = allowingNonfinite
    layout = header.layout
    field = header.field
    symmetry = header.symmetry
    rows = header.rows
    columns = header.columns
    entryCount = header.entryCount
  }

  /// Reads the matrix; of an array file the elements that are not zero, of a coordinate file all entries.
  ///
  /// - Complexity: the file is read twice, O(bytes + rows); entries whose columns do not increase within their row are
  ///   sorted, O(entries of the row * log) more.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` that names the line.
  public func matrix() throws(FormatError) -> CSRMatrix {
    let limit = ReadingLimit(file: name, byteCount: data.count)
    let subject = { (count: Int) in "a matrix of \(rows) rows and \(count) entries" }
    try limit.check(CSRAssembly.byteCount(rows: rows, entries: 0), subject(0))
    var assembly = CSRAssembly(rows: rows, columns: columns)
    do throws(FormatError) {
      try assembly.count { (count) throws(FormatError) in
        try forEachEntry(readingValues: false) { row, _, value in if value != 0 { count(row) } }
      }
    } catch {
      // Values were skipped, and it may have been one of them that was wrong first.
      try forEachEntry(readingValues: true) { _, _, _ in }
      throw error
    }
    let entries = assembly.entryCount
    guard entries < Int(Int32.max) else {
      throw FormatError(.badData, file: name, "has \(entries) entries, expected less than \(Int32.max)")
    }
    try limit.check(CSRAssembly.byteCount(rows: rows, entries: entries), subject(entries))
    let isWhole = try assembly.place { (place) throws(FormatError) in
      try forEachEntry(readingValues: true) { row, column, value in
        if value != 0 || layout == .coordinate { place(row, column, value) }
      }
    }
    guard isWhole else { throw FormatError(.badData, file: name, "has changed while it was read") }
    if let longest = assembly.longestUnsortedRow {
      let scratch = CSRAssembly.sortingByteCount(longest)
      try limit.check(
        CSRAssembly.byteCount(rows: rows, entries: entries) + scratch,
        "\(subject(entries)), \(longest) of them to be sorted in one row,")
      assembly.sort(longest: longest)
    }
    assembly.merge()
    let matrix = assembly.matrix()
    try checkSums(of: matrix)
    return matrix
  }

  /// Reads the matrix into a tensor `[rows, columns]`, zero where the file has no entry.
  ///
  /// - Complexity: the file is read once, O(bytes + rows * columns).
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` that names the line, or where the tensor takes more
  ///   than four times the file and 1 MiB, as it does for a coordinate file of few entries: read its ``matrix()``.
  public func tensor() throws(FormatError) -> Tensor {
    let shape: Shape
    do throws(ShapeError) { shape = try Shape(validating: [rows, columns]) } catch {
      throw FormatError(.badData, file: name, error.description)
    }
    try ReadingLimit(file: name, byteCount: data.count).check(
      shape.elementCount * MemoryLayout<Float>.stride, "a tensor of \(rows) x \(columns) elements",
      advice: layout == .coordinate ? "; read it as a sparse matrix" : "")
    var tensor = Tensor(zeros: shape)
    let columns = columns
    try tensor.withUnsafeMutableBufferPointer { elements in
      Result { () throws(FormatError) in
        try forEachEntry(readingValues: true) { row, column, value in
          // The first value is taken as it is, for it may be -0, which added to 0 is 0.
          let index = row * columns + column
          elements[index] = elements[index] == 0 ? value : elements[index] + value
        }
      }
    }.get()
    if !allowingNonfinite, let index = tensor.withUnsafeBufferPointer({ $0.firstIndex { !$0.isFinite } }) {
      throw infiniteSum(row: index / columns, column: index % columns)
    }
    return tensor
  }

  private func checkSums(of matrix: CSRMatrix) throws(FormatError) {
    guard !allowingNonfinite, let entry = matrix.values.firstIndex(where: { !$0.isFinite }) else { return }
    let row = (0..<rows).first { matrix.pattern.entries(ofRow: $0).contains(entry) } ?? 0
    throw infiniteSum(row: row, column: Int(matrix.columnIndices[entry]))
  }

  private func infiniteSum(row: Int, column: Int) -> FormatError {
    FormatError(
      .badData, file: name, place: "row \(row + 1), column \(column + 1)",
      "the entries add up to more than a Float can hold, expected a finite number")
  }
}
