import ModelFormats
import TensorCore

/// Reads the weights that `--matrix` names.
enum MatrixSource {
  /// The matrix of a file.
  ///
  /// - Parameters:
  ///   - path: a Matrix Market file, `.mtx`, or a pattern, `.smtx`, whose values are then random in -1..<1.
  ///   - seed: where those start.
  /// - Throws: ``BenchError`` for another file name, ``FormatError`` for what is in the file.
  static func matrix(path: String, seed: UInt64) throws -> CSRMatrix {
    switch path.split(separator: ".").last?.lowercased() {
    case "mtx":
      return try MatrixMarketFile(path: path).matrix()
    case "smtx":
      var generator = SeededGenerator(seed: seed)
      let pattern = try SMTXFile.pattern(path: path)
      return try CSRMatrix(pattern: pattern, values: (0..<pattern.nnz).map { _ in generator.nextFloat(in: -1..<1) })
    default:
      throw BenchError.usage("--matrix: '\(path)' is not the name of a matrix, expected FILE.mtx or FILE.smtx")
    }
  }
}
