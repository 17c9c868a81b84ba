import Foundation
import HTMLReport

/// A line on the terminal that is written over and over; silent where standard error is not a terminal.
final class ProgressLine {
  private let line: StatusLine?
  private let total: Int
  private let start = Date()
  private var shownAt = Date.distantPast
  /// Cases that are done.
  var done = 0

  init(total: Int, isQuiet: Bool) {
    self.total = total
    line = isQuiet ? nil : StatusLine()
  }

  func show(_ item: BenchCase, _ progress: CaseProgress) {
    guard let line, line.isTerminal, Date().timeIntervalSince(shownAt) > 0.1 else { return }
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
    line.show(text)
  }

  func clear() { line?.clear() }
}
