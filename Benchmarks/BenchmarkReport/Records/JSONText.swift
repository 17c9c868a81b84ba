import Foundation

/// Documents as JSON.
package enum JSONText {
  /// The bytes of a file: sorted keys, so that two runs can be compared line by line, and a last line end.
  package static func data(_ document: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(document) + Data("\n".utf8)
  }
}
