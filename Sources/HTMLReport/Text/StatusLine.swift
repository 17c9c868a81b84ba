import Foundation

/// A line at the bottom of a terminal that is written over and over, under lines that stay.
///
/// Where there is no terminal only the lasting lines are written, plain. What cannot be written, as to a pipe that nobody reads any more,
/// is dropped: a report must not end the work that it tells of.
package final class StatusLine {
  /// Whether a line can be written over.
  package let isTerminal: Bool
  private let columnCount: () -> Int?
  private let write: (String) -> Void
  private var isShown = false

  /// A line on standard error.
  package convenience init() {
    self.init(
      isTerminal: isatty(STDERR_FILENO) == 1, columnCount: Self.standardErrorColumns,
      write: { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) })
  }

  /// A line elsewhere.
  ///
  /// - Parameters:
  ///   - columnCount: the terminal's width now; nil where it is not known.
  ///   - write: takes text as it is to be written.
  package init(isTerminal: Bool, columnCount: @escaping () -> Int?, write: @escaping (String) -> Void) {
    self.isTerminal = isTerminal
    self.columnCount = columnCount
    self.write = write
  }

  /// How many characters fit the line; the last column stays free, since some terminals wrap when it is filled.
  package var width: Int { max(1, (columnCount() ?? 80) - 1) }

  /// Writes the line anew, cut where the terminal ends; nothing where there is no terminal.
  package func show(_ text: String) {
    guard isTerminal else { return }
    write(Self.erased + text.prefix(width))
    isShown = true
  }

  /// Writes a line that stays.
  package func print(_ text: String) {
    write((isShown ? Self.erased : "") + text + "\n")
    isShown = false
  }

  /// Removes the line.
  package func clear() {
    if isShown { write(Self.erased) }
    isShown = false
  }

  /// To the line's start, and erase to its end.
  private static let erased = "\r\u{1B}[K"

  /// A width of 0 is that of a terminal that does not know its own.
  private static func standardErrorColumns() -> Int? {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
  }
}
