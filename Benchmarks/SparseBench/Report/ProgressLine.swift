import Foundation

/// A line on the terminal that is written over and over; silent where standard error is not a terminal.
final class ProgressLine {
  private let isShown: Bool
  private let total: Int
  private let start = Date()
  private var shownAt = Date.distantPast
  /// Cases that are done.
  var done = 0

  init(total: Int, isQuiet: Bool) {
    self.total = total
    isShown = !isQuiet && isatty(STDERR_FILENO) == 1
  }

  func show(_ item: BenchCase, _ progress: CaseProgress) {
    guard isShown, Date().timeIntervalSince(shownAt) > 0.1 else { return }
    shownAt = Date()
    let stage =
      switch progress {
      case .verifying(let kernel): "checking \(kernel)"
      case .timing(let kernel): "timing \(kernel)"
      }
    var text = "[\(done)/\(total)] \(item.layer.title) at \(NumberText.percent(item.sparsity)): \(stage)"
    if done > 0 {
      let left = Date().timeIntervalSince(start) / Double(done) * Double(total - done)
      text += ", about \(Int(left.rounded())) s left"
    }
    write("\r\u{1B}[K" + text.prefix(terminalWidth - 1))
  }

  func clear() {
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
