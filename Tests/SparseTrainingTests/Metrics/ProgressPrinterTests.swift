import HTMLReport
import Testing

@testable import SparseTraining

@Suite struct ProgressPrinterTests {
  /// A printer, its clock, and what it wrote.
  private final class Screen {
    var text = ""
    var time = 1000.0
    var columns: Int?

    func printer(isTerminal: Bool, isQuiet: Bool = false) -> ProgressPrinter {
      let line = StatusLine(
        isTerminal: isTerminal, columnCount: { self.columns }, write: { self.text += $0 })
      return ProgressPrinter(isQuiet: isQuiet, output: line, now: { self.time })
    }

    /// What a terminal of unlimited width shows: lines that stayed, and the one being written.
    var shown: [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.components(separatedBy: "\r\u{1B}[K").last ?? ""
      }
    }
  }

  private func progress(step: Int = 120, loss: Double = 0.43214, secondsLeft: Double = 80) -> StepProgress {
    StepProgress(
      epoch: 3, epochCount: 10, step: step, stepCount: 469, loss: loss, accuracy: 0.8521, sparsity: 0.9,
      imagesPerSecond: 1234.4, secondsLeft: secondsLeft)
  }

  private var metrics: EpochMetrics {
    EpochMetrics(
      epoch: 3, step: 1407, learningRate: 0.1, trainLoss: 0.4321, trainAccuracy: 0.85214, testLoss: 0.4011,
      testAccuracy: 0.8602, sparsity: 0.9, imagesPerSecond: 1234, seconds: 48.21)
  }

  private let fullLine =
    "epoch 3/10, step 120/469, loss 0.4321, accuracy 85.21 %, sparsity 90.0 %, 1234 images/s, 1 min 20 s left"

  @Test func aTerminalShowsOneLineThatIsWrittenOver() {
    let screen = Screen()
    screen.columns = 200
    let printer = screen.printer(isTerminal: true)
    printer.stepEnded(progress())
    #expect(screen.text == "\r\u{1B}[K" + fullLine)
    printer.epochEnded(metrics, epochCount: 10)
    #expect(
      screen.shown == [
        "epoch 3/10: train loss 0.4321, accuracy 85.21 %; test loss 0.4011, accuracy 86.02 %; sparsity 90.0 %; "
          + "1234 images/s; 48.2 s", "",
      ])
    printer.stepEnded(progress(step: 1))
    #expect(screen.shown.last?.hasPrefix("epoch 3/10, step 1/469, ") == true)
  }

  @Test func aTerminalIsWrittenAtMostTenTimesASecond() {
    let screen = Screen()
    let printer = screen.printer(isTerminal: true)
    for step in 1...1000 {
      printer.stepEnded(progress(step: step))
      screen.time += 0.001953125  // exact in binary
    }
    // 1.95 seconds: at once, and then after each 52 steps, which take 0.1016 s.
    #expect(screen.text.split(separator: "\r").count == 20)
  }

  @Test(arguments: [1, 10, 20, 40, 60, 79, 80, 104, 105, 200])
  func theLineFitsTheTerminal(columns: Int) throws {
    let screen = Screen()
    screen.columns = columns
    let printer = screen.printer(isTerminal: true)
    printer.stepEnded(progress())
    let line = try #require(screen.shown.last)
    #expect(line.count < max(2, columns))
    if columns >= 40 { #expect(line.hasPrefix("epoch 3/10, ") && line.contains("1 min 20 s"), "\(line)") }
    #expect((line == fullLine) == (columns > fullLine.count))
  }

  @Test func anUnknownWidthIsEightyColumns() {
    let screen = Screen()
    let printer = screen.printer(isTerminal: true)
    printer.stepEnded(progress())
    #expect(screen.shown.last == "epoch 3/10, step 120/469, loss 0.4321, acc 85.21 %, 90.0 % zero, 1 min 20 s")
    printer.epochEnded(metrics, epochCount: 10)
    #expect(
      screen.shown.first
        == "epoch 3/10: train 0.4321 85.21 %, test 0.4011 86.02 %, 90.0 % zero, 1234/s, 48.2 s")
  }

  @Test func aNoteLeavesTheLineUnderIt() {
    let screen = Screen()
    screen.columns = 200
    let printer = screen.printer(isTerminal: true)
    printer.note("resumed at epoch 3")
    #expect(screen.text == "resumed at epoch 3\n")
    printer.stepEnded(progress())
    printer.note("stopping after this step")
    #expect(screen.shown == ["resumed at epoch 3", "stopping after this step", fullLine])
  }

  @Test func nothingHalfRemains() {
    let screen = Screen()
    do {
      let printer = screen.printer(isTerminal: true)
      printer.stepEnded(progress())
      printer.clear()
      #expect(screen.shown == [""])
      printer.note("an error")
      #expect(screen.shown == ["an error", ""])
      screen.time += 1
      printer.stepEnded(progress())
      #expect(screen.shown.last != "")
    }
    #expect(screen.shown == ["an error", ""])
  }

  @Test func aPipeGetsPlainLines() {
    let screen = Screen()
    let printer = screen.printer(isTerminal: false)
    for step in 1...400 {
      screen.time += 0.5
      printer.stepEnded(progress(step: step))
    }
    printer.note("a note")
    printer.epochEnded(metrics, epochCount: 10)
    // 200 seconds hold six silences of 30; the first ends with step 60.
    #expect(screen.shown.count == 6 + 2 + 1)
    #expect(screen.shown[0].hasPrefix("epoch 3/10, step 60/469, loss 0.4321, accuracy 85.21 %, "))
    #expect(screen.shown[6] == "a note" && screen.shown[7].hasPrefix("epoch 3/10: train loss "))
    #expect(!screen.text.contains("\r") && !screen.text.contains("\u{1B}"))
    // The epoch's line ends a silence, too.
    screen.time += 29
    printer.stepEnded(progress(step: 1))
    #expect(screen.shown.count == 9)
    screen.time += 1
    printer.stepEnded(progress(step: 2))
    #expect(screen.shown.count == 10)
  }

  @Test(arguments: [true, false])
  func quietIsEpochsAndNotes(isTerminal: Bool) {
    let screen = Screen()
    let printer = screen.printer(isTerminal: isTerminal, isQuiet: true)
    screen.time += 100
    printer.stepEnded(progress())
    #expect(screen.text.isEmpty)
    printer.note("a note")
    printer.epochEnded(metrics, epochCount: 10)
    #expect(screen.shown.count == 3 && screen.shown[0] == "a note")
    #expect(!screen.text.contains("\u{1B}"))
  }

  @Test func whatIsNoNumberReadsSensibly() {
    let lost = StepProgress(
      epoch: 1, epochCount: 1, step: 0, stepCount: 0, loss: .nan, accuracy: .nan, sparsity: .nan, imagesPerSecond: 0,
      secondsLeft: .infinity)
    #expect(
      ProgressText.step(lost, width: .max)
        == "epoch 1/1, step 0/0, loss NaN, accuracy -, sparsity -, - images/s, time left unknown")
    #expect(ProgressText.step(lost, width: 70) == "epoch 1/1, step 0/0, loss NaN, acc -, - zero, -/s")
    var epoch = metrics
    epoch.trainLoss = -.infinity
    epoch.testLoss = .infinity
    epoch.testAccuracy = .nan
    epoch.imagesPerSecond = .infinity
    epoch.seconds = .nan
    #expect(
      ProgressText.epoch(epoch, epochCount: 10, width: .max)
        == "epoch 3/10: train loss -infinite, accuracy 85.21 %; test loss infinite, accuracy -; sparsity 90.0 %; "
        + "- images/s; -")
  }
}
