import BenchmarkReport
import HTMLReport
import Foundation
import ModelFormats
import SparseKernels

/// What both commands do around their measurements: describe the machine, write the files, say how it ended.
struct RunReport {
  private(set) var environment: RunEnvironment
  private let outputs: [OutputFile]
  let isQuiet: Bool
  let interrupt = Interrupt()

  /// Checks the files, and measures how much of a core there is.
  init(_ settings: RunSettings, outputs: [OutputFile], isQuiet: Bool) throws {
    try OutputFile.check(outputs)
    self.outputs = outputs
    self.isQuiet = isQuiet
    environment = RunEnvironment(
      threads: settings.threadCount, secondsPerCase: settings.secondsPerCase, seed: settings.seed)
    interrupt.install()
    let (_, share) = CoreShare.during { [environment] in MachineCeilings.measure(on: environment.processor) }
    environment.coreShare = share
    if isQuiet { return }
    show(environment.summary)
    environment.cautions.forEach(show)
  }

  /// Prints at once, so that a reader at the other end of a pipe sees each table when it is ready.
  func show(_ text: String) {
    print(text)
    fflush(nil)
  }

  /// Writes the files.
  func write<Record: ReportRecord>(_ mode: String, _ records: [Record]) throws {
    for output in outputs {
      let data =
        output.option == "json"
        ? try JSONText.data(RunDocument(mode: mode, environment: environment, results: records))
        : Data(CSVTable.text(records).utf8)
      try AtomicFile.write(data, to: output.path)
    }
  }

  /// Fails where something was computed wrongly, or Ctrl-C ended the run.
  ///
  /// - Parameter wrong: what was wrong, by name.
  func end(wrong: [String]) throws {
    if let first = wrong.first {
      throw BenchError(
        status: .wrongResult,
        description: "\(NumberText.count(wrong.count, "wrong result")); the first: \(first)")
    }
    if interrupt.isRequested {
      throw BenchError(status: .interrupted, description: "interrupted: the report covers what was measured until then")
    }
  }
}

/// The JSON file: what was measured, on what, by what.
struct RunDocument<Record: ReportRecord>: Encodable {
  let schemaVersion = 1
  let mode: String
  let environment: RunEnvironment
  let results: [Record]
}
