import Foundation
import ModelFormats
import SparseKernels

/// The JSON file: what was measured, on what, by what.
struct BenchDocument: Encodable {
  let schemaVersion = 1
  let environment: BenchEnvironment
  let ceilings: MachineCeilings
  let results: [BenchResult]

  /// Fails where the file could not be written, before anything is measured.
  static func checkWritable(path: String) throws(FormatError) {
    _ = try AtomicFile(path: path)
  }

  /// Writes the file in one piece: an older one stays as it was until then.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(self) + Data("\n".utf8), to: path)
  }
}
