import Foundation

/// A new folder that is removed with this object.
package final class TemporaryFolder {
  /// Where it is.
  package let path: String

  package init() throws {
    path =
      FileManager.default.temporaryDirectory.appendingPathComponent("swift-sparse-nn-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in the folder.
  package func file(_ name: String) -> String { path + "/" + name }

  /// A file in the folder with the given contents.
  package func file(_ name: String, holding contents: Data) throws -> String {
    try contents.write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// The names in the folder, hidden ones too.
  package var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

/// The contents of a file.
package func contents(of path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
