import Foundation

/// A folder beside the package with real networks and lists of problems, which not every checkout has: tests that want
/// it are skipped, visibly, where it is absent.
package enum SharedFolder {
  /// What to say when a test is skipped.
  package static let absence: String = "there is no folder ../shared beside the package"

  /// Whether the folder is there.
  package static var isPresent: Bool { FileManager.default.fileExists(atPath: url.path) }

  /// The files of one of its folders whose names have an extension, sorted; empty where there are none.
  package static func files(in folder: String, extension wanted: String) -> [URL] {
    let found = try? FileManager.default.contentsOfDirectory(
      at: url.appendingPathComponent(folder), includingPropertiesForKeys: nil)
    return (found ?? []).filter { $0.pathExtension == wanted }.sorted { $0.path < $1.path }
  }

  /// Three folders up from this file is the package; the folder is its neighbour.
  private static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
}
