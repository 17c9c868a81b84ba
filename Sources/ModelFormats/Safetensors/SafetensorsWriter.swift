import Foundation
import TensorCore

/// Writes named tensors and free text to a safetensors file.
///
///     var writer = SafetensorsWriter(metadata: ["format": "swift-sparse-nn"])
///     try writer.add(weights, named: "conv1.weight")
///     try writer.write(to: "model.safetensors")
///
/// Equal tensors in equal order give equal bytes: tensors stand in the order in which they were added, the text in the
/// order of its keys. Elements are written as `Float`, also NaN and infinities, which a ``SafetensorsFile`` refuses
/// unless it is told otherwise.
public struct SafetensorsWriter: Sendable {
  private let metadata: [String: String]
  private var tensors: [(name: String, tensor: Tensor)] = []
  private var names: Set<String> = []

  /// Creates a writer without tensors; without `metadata` the file has no `__metadata__`.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor; it is shared with the caller until one of them changes it.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if the name is `__metadata__` or is taken.
  public mutating func add(_ tensor: Tensor, named name: String) throws(FormatError) {
    if name == SafetensorsHeader.metadataKey {
      throw Self.failure(name, "name is reserved for the file's free text, expected another")
    }
    if !names.insert(name).inserted { throw Self.failure(name, "name is repeated, expected each tensor once") }
    tensors.append((name, tensor))
  }

  /// Writes the file, which appears whole or not at all; see ``AtomicFile``.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``; of kind ``FormatError/Kind/badData`` if names
  ///   and text do not fit in the largest header of the format.
  public func write(to path: String) throws(FormatError) {
    let header = try encodedHeader(file: path)
    let file = try AtomicFile(path: path)
    try file.write(header)
    for (_, tensor) in tensors {
      for start in stride(from: 0, to: tensor.count, by: Tensor.elementsPerWrite) {
        try file.write(tensor.littleEndianBytes(from: start))
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
    for (_, tensor) in tensors {
      for start in stride(from: 0, to: tensor.count, by: Tensor.elementsPerWrite) {
        data.append(tensor.littleEndianBytes(from: start))
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
    for (name, tensor) in tensors {
      let start = end
      end += tensor.count * MemoryLayout<Float>.stride
      let shape = tensor.shape.dimensions.map { "\($0)" }.joined(separator: ",")
      members.append("\(Self.json(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
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
