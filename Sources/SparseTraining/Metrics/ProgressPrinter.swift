import Foundation
import HTMLReport

/// Prints on standard error how training goes.
///
/// On a terminal one line shows the current step; it is rewritten at most ten times a second and fits the terminal's width. Each epoch
/// leaves a line with all its numbers. Into a file or a pipe go plain lines: one for each epoch, and a line about a step when
/// nothing was printed for 30 seconds.
///
/// It serves the thread that trains, as every observer. A printer that is released, or told to ``clear()``, leaves no half line behind.
public final class ProgressPrinter: TrainingObserver {
  private let output: StatusLine
  private let isQuiet: Bool
  /// Seconds since some moment.
  private let now: () -> Double
  private var printedAt: Double
  private var progress: StepProgress?

  /// Seconds between two writings of the line on a terminal.
  private static let rewriteSeconds = 0.1
  /// Seconds of silence after which a step gets a line where there is no terminal.
  private static let silenceSeconds = 30.0

  /// A printer on standard error.
  ///
  /// - Parameter isQuiet: whether steps are left out, so that only epochs and notes are printed.
  public convenience init(isQuiet: Bool = false) {
    let clock = ContinuousClock()
    let start = clock.now
    self.init(isQuiet: isQuiet, output: StatusLine()) { (clock.now - start) / .seconds(1) }
  }

  /// A printer on another line, with another clock.
  init(isQuiet: Bool, output: StatusLine, now: @escaping () -> Double) {
    self.isQuiet = isQuiet
    self.output = output
    self.now = now
    printedAt = output.isTerminal ? -.infinity : now()
  }

  deinit { output.clear() }

  /// Shows the step where the last line is old enough.
  public func stepEnded(_ progress: StepProgress) {
    if isQuiet { return }
    self.progress = progress
    let time = now()
    guard time - printedAt >= (output.isTerminal ? Self.rewriteSeconds : Self.silenceSeconds) else { return }
    printedAt = time
    if output.isTerminal {
      showProgress()
    } else {
      output.print(ProgressText.step(progress, width: .max))
    }
  }

  /// Prints a line that stays.
  public func epochEnded(_ metrics: EpochMetrics, epochCount: Int) {
    progress = nil
    output.print(
      ProgressText.epoch(metrics, epochCount: epochCount, width: output.isTerminal ? output.width : .max))
    // The first step of the next epoch is shown at once on a terminal.
    printedAt = output.isTerminal ? -.infinity : now()
  }

  /// Prints a line, and the progress again under it.
  public func note(_ text: String) {
    output.print(text)
    showProgress()
  }

  /// Removes the line about the current step, as before an error is printed. The next step shows it again.
  public func clear() {
    progress = nil
    output.clear()
  }

  private func showProgress() {
    guard output.isTerminal, let progress else { return }
    output.show(ProgressText.step(progress, width: output.width))
  }
}
