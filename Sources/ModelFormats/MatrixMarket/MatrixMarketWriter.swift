import Foundation
import TensorCore

/// Writes matrices to Matrix Market files.
///
///     try MatrixMarketWriter.write(weights, to: "weights.mtx")
///
/// Each value is the shortest decimal number that reads back as the same `Float`. NaN and infinities are written as `nan`,
/// `inf` and `-inf`, which a ``MatrixMarketFile`` refuses unless it is told otherwise. Files appear whole or not at all;
/// see ``AtomicFile``.
///
/// The format: <https://math.nist.gov/MatrixMarket/formats.html>.
public enum MatrixMarketWriter {
  /// Writes the entries of a matrix, row after row: `coordinate real general`.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``.
  public static func write(_ matrix: CSRMatrix, to path: String) throws(FormatError) {
    try TextOutput.write(to: path) { (output) throws(FormatError) in
      try append(matrix.pattern, values: matrix.values, to: &output)
    }
  }

  /// Writes the positions of a pattern, row after row: `coordinate pattern general`.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``.
  public static func write(_ pattern: SparsityPattern, to path: String) throws(FormatError) {
    try TextOutput.write(to: path) { (output) throws(FormatError) in
      try append(pattern, values: nil, to: &output)
    }
  }

  /// Writes the elements of a tensor of two dimensions, column after column: `array real general`.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``; of kind ``FormatError/Kind/badData`` if the
  ///   tensor has another number of dimensions.
  public static func write(_ tensor: Tensor, to path: String) throws(FormatError) {
    try checkRank(of: tensor, file: path)
    try TextOutput.write(to: path) { (output) throws(FormatError) in try append(tensor, to: &output) }
  }

  /// The bytes of the file that ``write(_:to:)-(CSRMatrix,_)`` would write.
  public static func data(_ matrix: CSRMatrix) -> Data {
    TextOutput.data { append(matrix.pattern, values: matrix.values, to: &$0) }
  }

  /// The bytes of the file that ``write(_:to:)-(SparsityPattern,_)`` would write.
  public static func data(_ pattern: SparsityPattern) -> Data {
    TextOutput.data { append(pattern, values: nil, to: &$0) }
  }

  /// The bytes of the file that ``write(_:to:)-(Tensor,_)`` would write.
  ///
  /// - Parameter name: what errors call the file.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if the tensor has not two dimensions.
  public static func data(_ tensor: Tensor, name: String) throws(FormatError) -> Data {
    try checkRank(of: tensor, file: name)
    return TextOutput.data { append(tensor, to: &$0) }
  }

  private static func append<Failure>(
    _ pattern: SparsityPattern, values: [Float]?, to output: inout TextOutput<Failure>
  ) throws(Failure) {
    try output.append("%%MatrixMarket matrix coordinate \(values == nil ? "pattern" : "real") general\n")
    try output.append("\(pattern.rows) \(pattern.columns) \(pattern.nnz)\n")
    for row in 0..<pattern.rows {
      for entry in pattern.entries(ofRow: row) {
        try output.append(row + 1)
        try output.append(" ")
        try output.append(Int(pattern.columnIndices[entry]) + 1)
        if let values {
          try output.append(" ")
          try output.append(values[entry])
        }
        try output.append("\n")
      }
    }
  }

  private static func append<Failure>(
    _ tensor: Tensor, to output: inout TextOutput<Failure>
  ) throws(Failure) {
    let (rows, columns) = (tensor.shape[0], tensor.shape[1])
    try output.append("%%MatrixMarket matrix array real general\n\(rows) \(columns)\n")
    // Where there are no rows there may be columns without number.
    for column in 0..<(rows == 0 ? 0 : columns) {
      for row in 0..<rows {
        try output.append(tensor[flat: row * columns + column])
        try output.append("\n")
      }
    }
  }

  private static func checkRank(of tensor: Tensor, file: String) throws(FormatError) {
    guard tensor.shape.rank != 2 else { return }
    throw FormatError(.badData, file: file, "tensor has shape \(tensor.shape), expected two dimensions")
  }
}
