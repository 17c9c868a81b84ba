import Foundation
import HTMLReport

/// A line on the terminal that is written over and over; silent where standard error is not a terminal.
package final class ProgressLine {
  private let line: StatusLine?
  private let total: Int
  private let start = Date()
  private var shownAt = Date.distantPast
  /// Cases that are done.
  package var done = 0

  package init(total: Int, isQuiet: Bool) {
    self.total = total
    line = isQuiet ? nil : StatusLine()
  }

  /// Shows what is being done, no more often than a person reads.
  package func show(_ text: @autoclosure () -> String) {
    guard let line, line.isTerminal, Date().timeIntervalSince(shownAt) > 0.1 else { return }
    shownAt = Date()
    var text = "[\(done)/\(total)] \(text())"
    if done > 0 {
      let left = Date().timeIntervalSince(start) / Double(done) * Double(total - done)
      text += ", about \(Int(left.rounded())) s left"
    }
    line.show(text)
  }

  package func clear() { line?.clear() }
}
