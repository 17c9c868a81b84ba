import Foundation
import TensorCore

/// Reads and writes the sparsity patterns of the Deep Learning Matrix Collection, `.smtx` files.
///
///     let pattern = try SMTXFile.pattern(path: "dlmc/transformer/magnitude_pruning/0.9/body_decoder.smtx")
///
/// A file is three lines: `rows, columns, nnz` with commas; the `rows + 1` row offsets; the `nnz` column indices, from 0.
/// Where nothing is stored the third line is empty or absent. The columns of a row may come in any order and are sorted.
///
/// Reading allocates 4 bytes for each offset and index, which take two bytes or more in the file: at most four times the
/// file's size, the result included.
///
/// The format: <https://github.com/google-research/google-research/tree/master/sgk>.
public enum SMTXFile {
  /// Reads a file.
  ///
  /// - Complexity: O(bytes), and O(nnz * log(nnz)) at most where columns are not sorted.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/noInput`` if the file cannot be read, of kind
  ///   ``FormatError/Kind/badData`` that names the line if it does not hold a pattern.
  public static func pattern(path: String) throws(FormatError) -> SparsityPattern {
    try pattern(data: InputFile.contents(of: path), name: path)
  }

  /// Reads a file whose bytes are in memory.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - name: what errors call the file.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData``, as above.
  public static func pattern(data: Data, name: String) throws(FormatError) -> SparsityPattern {
    try TextScanner.scan(data, file: name) { (scanner) throws(FormatError) in try pattern(&scanner) }
  }

  /// Writes a file, which appears whole or not at all; see ``AtomicFile``.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``.
  public static func write(_ pattern: SparsityPattern, to path: String) throws(FormatError) {
    try TextOutput.write(to: path) { (output) throws(FormatError) in try append(pattern, to: &output) }
  }

  /// The bytes of the file that ``write(_:to:)`` would write.
  public static func data(_ pattern: SparsityPattern) -> Data {
    TextOutput.data { append(pattern, to: &$0) }
  }

  private static func append<Failure>(
    _ pattern: SparsityPattern, to output: inout TextOutput<Failure>
  ) throws(Failure) {
    try output.append("\(pattern.rows), \(pattern.columns), \(pattern.nnz)\n")
    for numbers in [pattern.rowOffsets, pattern.columnIndices] {
      for (index, number) in numbers.enumerated() {
        if index > 0 { try output.append(" ") }
        try output.append(Int(number))
      }
      try output.append("\n")
    }
  }
}
