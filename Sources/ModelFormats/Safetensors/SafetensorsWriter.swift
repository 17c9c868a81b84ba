import Foundation
import TensorCore

/// Writes named tensors, sparse matrices and free text to a safetensors file.
///
///     var writer = SafetensorsWriter(metadata: ["format": "swift-sparse-nn"])
///     try writer.add(weights, named: "conv1.weight")
///     try writer.add(pruned, named: "conv2.weight", shape: [64, 128, 3, 3])
///     try writer.write(to: "model.safetensors")
///
/// Equal tensors in equal order give equal bytes: tensors stand in the order in which they were added, the text in the
/// order of its keys. Elements are written as `Float`, also NaN and infinities, which a ``SafetensorsFile`` refuses
/// unless it is told otherwise.
public struct SafetensorsWriter: Sendable {
  private var metadata: [String: String]
  private var tensors: [(name: String, elements: SafetensorsElements)] = []
  private var names: Set<String> = []

  /// Creates a writer without tensors; without `metadata` the file has no `__metadata__`.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor; it is shared with the caller until one of them changes it.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if the name is `__metadata__` or is taken, or if the
  ///   tensor has more than 64 extents, which no reader of ours takes.
  public mutating func add(_ tensor: Tensor, named name: String) throws(FormatError) {
    if tensor.shape.rank > SafetensorsHeader.largestRank {
      throw Self.failure(name, "has \(tensor.shape.rank) extents, expected at most \(SafetensorsHeader.largestRank)")
    }
    try add([(name, .tensor(tensor))])
  }

  /// Adds a sparse matrix as three tensors and a text, whose names begin with `name`; see `docs/file-formats.md`.
  ///
  /// - Parameters:
  ///   - matrix: shared with the caller, not copied.
  ///   - name: what ``SafetensorsFile/matrix(named:)`` finds it by.
  ///   - shape: the dense tensor that the matrix stands for, whose first extent is the rows and the product of whose
  ///     others is the columns; without it, `[rows, columns]`.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if one of the names is taken, in which case none is
  ///   added, or if the shape is not that of the matrix or has more than 64 extents.
  public mutating func add(_ matrix: CSRMatrix, named name: String, shape: Shape? = nil) throws(FormatError) {
    let parts = SafetensorsMatrixParts(name)
    let shape = shape ?? [matrix.rows, matrix.columns]
    guard let extents = SafetensorsMatrixParts.extents(of: shape), extents == (matrix.rows, matrix.columns),
      shape.rank <= SafetensorsHeader.largestRank
    else {
      throw FormatError(
        .badData, file: "safetensors", place: "matrix \(FormatError.quoted(name))",
        "shape is \(shape), expected \(matrix.rows) rows of \(matrix.columns) in at most 64 extents")
    }
    if metadata[parts.shape] != nil {
      throw FormatError(
        .badData, file: "safetensors", place: "metadata \(FormatError.quoted(parts.shape))",
        "is taken, expected it free for the shape of a sparse matrix")
    }
    try add([
      (parts.rowOffsets, .integers(matrix.rowOffsets)), (parts.columnIndices, .integers(matrix.columnIndices)),
      (parts.values, .floats(matrix.values)),
    ])
    metadata[parts.shape] = SafetensorsMatrixParts.encoded(shape)
  }

  /// Adds all or none.
  private mutating func add(_ new: [(name: String, elements: SafetensorsElements)]) throws(FormatError) {
    for (name, _) in new {
      if name == SafetensorsHeader.metadataKey {
        throw Self.failure(name, "name is reserved for the file's free text, expected another")
      }
      if names.contains(name) { throw Self.failure(name, "name is repeated, expected each tensor once") }
    }
    names.formUnion(new.map(\.name))
    tensors += new
  }

  /// Writes the file, which appears whole or not at all; see ``AtomicFile``.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``; of kind ``FormatError/Kind/badData`` if names
  ///   and text do not fit in the largest header of the format.
  public func write(to path: String) throws(FormatError) {
    let header = try encodedHeader(file: path)
    let file = try AtomicFile(path: path)
    try file.write(header)
    for (_, elements) in tensors {
      for start in stride(from: 0, to: elements.count, by: SafetensorsElements.countPerWrite) {
        try file.write(elements.littleEndianBytes(from: start))
      }
    }
    try file.commit()
  }

  /// The bytes of the file.
  ///
  /// - Parameter name: what errors call the file.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if names and text do not fit in the largest header
  ///   of the format.
  public func data(name: String) throws(FormatError) -> Data {
    var data = try encodedHeader(file: name)
    for (_, elements) in tensors {
      for start in stride(from: 0, to: elements.count, by: SafetensorsElements.countPerWrite) {
        data.append(elements.littleEndianBytes(from: start))
      }
    }
    return data
  }

  /// The header's length and the header, with spaces behind it so that the data starts at a multiple of 8.
  private func encodedHeader(file: String) throws(FormatError) -> Data {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(Self.json($0.key)):\(Self.json($0.value))" }
      members.append("\"\(SafetensorsHeader.metadataKey)\":{\(texts.joined(separator: ","))}")
    }
    var end = 0
    for (name, elements) in tensors {
      let start = end
      end += elements.count * SafetensorsElements.byteCount
      let shape = elements.shape.dimensions.map { "\($0)" }.joined(separator: ",")
      let dtype = elements.dtype.rawValue
      members.append(
        "\(Self.json(name)):{\"dtype\":\"\(dtype)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
    }
    var header = Data("{\(members.joined(separator: ","))}".utf8)
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: -header.count & 7))
    guard header.count <= SafetensorsHeader.largestByteCount else {
      let largest = SafetensorsHeader.largestByteCount
      throw FormatError(.badData, file: file, "header would take \(header.count) bytes, expected at most \(largest)")
    }
    return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header
  }

  private static func json(_ text: String) -> String {
    // Nearly all names and texts have nothing to escape.
    if !text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
      return "\"\(text)\""
    }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case ..<" ": result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// An error of a tensor before there is a file.
  private static func failure(_ name: String, _ problem: String) -> FormatError {
    FormatError(.badData, file: "safetensors", place: "tensor \(FormatError.quoted(name))", problem)
  }
}
