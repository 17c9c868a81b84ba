import ModelFormats

/// A file that a run writes at its end, and the option that names it.
package struct OutputFile: Sendable {
  package let option: String
  package let path: String

  /// - Parameter option: without its dashes.
  package init(option: String, path: String) {
    self.option = option
    self.path = path
  }

  /// Fails where a file could not be written, or would be written twice, before anything is measured.
  package static func check(_ files: [OutputFile]) throws {
    for (index, file) in files.enumerated() {
      if let other = files[..<index].first(where: { $0.path == file.path && !file.path.hasPrefix("/dev/") }) {
        throw BenchError.usage("--\(other.option) and --\(file.option) both name \(file.path), expected two files")
      }
      _ = try AtomicFile(path: file.path)
    }
  }
}
