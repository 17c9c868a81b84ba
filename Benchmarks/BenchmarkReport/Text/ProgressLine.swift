import Foundation

/// A line on the terminal that is written over and over; silent where standard error is not a terminal.
package final class ProgressLine {
  private let isShown: Bool
  private let total: Int
  private let start = Date()
  private var shownAt = Date.distantPast
  /// Cases that are done.
  package var done = 0

  package init(total: Int, isQuiet: Bool) {
    self.total = total
    isShown = !isQuiet && isatty(STDERR_FILENO) == 1
  }

  /// Shows what is being done, no more often than a person reads.
  package func show(_ text: @autoclosure () -> String) {
    guard isShown, Date().timeIntervalSince(shownAt) > 0.1 else { return }
    shownAt = Date()
    var text = "[\(done)/\(total)] \(text())"
    if done > 0 {
      let left = Date().timeIntervalSince(start) / Double(done) * Double(total - done)
      text += ", about \(Int(left.rounded())) s left"
    }
    write("\r\u{1B}[K" + text.prefix(terminalWidth - 1))
  }

  package func clear() {
    if isShown { write("\r\u{1B}[K") }
  }

  private var terminalWidth: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
