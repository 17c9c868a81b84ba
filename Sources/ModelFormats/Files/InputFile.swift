import Foundation

/// Reads whole input files, with errors in the system's words.
package enum InputFile {
  /// The contents of a file, mapped into memory if it is a regular one, so that only the pages that are used are read.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/noInput``.
  package static func contents(of path: String) throws(FormatError) -> Data {
    if path.isEmpty || path.utf8.contains(0) {
      throw FormatError(.noInput, file: path, "is not a file name, expected one without zero bytes")
    }
    // The system is asked first, since its words are shorter and clearer than what Foundation makes of them.
    let type: SystemCalls.FileType
    do throws(SystemCalls.Failure) {
      type = try SystemCalls.status(of: path).type
      try SystemCalls.checkReadable(path)
    } catch {
      throw FormatError(.noInput, file: path, "cannot be read: \(error.message)")
    }
    if type == .directory { throw FormatError(.noInput, file: path, "is a folder, expected a file") }
    do {
      // A stream (a fifo, `/dev/stdin`) has no size to map, and is read to its end; Foundation refuses it as a whole file.
      guard type == .regular else {
        return try FileHandle(forReadingFrom: URL(fileURLWithPath: path)).readToEnd() ?? Data()
      }
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      throw FormatError(.noInput, file: path, "cannot be read: \(error.localizedDescription)")
    }
  }
}
