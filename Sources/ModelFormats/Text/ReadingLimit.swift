/// How much memory a text file's reader may allocate: four times what the file holds and a mebibyte, whatever the file
/// claims.
///
/// A matrix may have rows of which the file says nothing, and each costs an offset; in an array file a two-byte line is
/// an element. Real files stay far below; one of a thousand bytes that claims a billion rows is refused.
struct ReadingLimit {
  private let byteCount: Int
  private let fileByteCount: Int
  private let file: String

  init(file: String, byteCount fileByteCount: Int) {
    self.file = file
    self.fileByteCount = fileByteCount
    // A part is kept for what is not counted: the allocator's rounding, the texts of errors.
    byteCount = 4 * fileByteCount + (1 << 20) - (1 << 16)
  }

  /// Refuses to allocate more than the limit.
  ///
  /// - Parameters:
  ///   - needed: the bytes, of which the caller makes sure that they fit in an `Int`.
  ///   - subject: what takes them.
  ///   - advice: what else the caller may do.
  func check(_ needed: Int, _ subject: @autoclosure () -> String, advice: String = "") throws(FormatError) {
    guard needed > byteCount else { return }
    throw FormatError(
      .badData, file: file,
      "\(subject()) takes \(needed) bytes, expected at most \(byteCount) from a file of \(fileByteCount)\(advice)")
  }
}
