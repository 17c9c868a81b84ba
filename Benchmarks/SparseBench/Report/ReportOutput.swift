import Foundation
import ModelFormats

/// A file that the run writes at its end.
package struct ReportOutput: Sendable {
  /// The forms of report.
  package enum Form: String, Sendable {
    case json, csv, html, svg
  }

  let form: Form
  let path: String

  package init(_ form: Form, path: String) {
    self.form = form
    self.path = path
  }

  /// Fails where a file could not be written, or would be written twice, before anything is measured.
  static func check(_ outputs: [ReportOutput]) throws {
    try OutputFile.check(outputs.map { OutputFile(option: $0.form.rawValue, path: $0.path) })
  }

  /// Writes the file in one piece: an older one stays as it was until then.
  func write(_ report: BenchReport) throws {
    try AtomicFile.write(contents(report), to: path)
  }

  /// The bytes of the file.
  package func contents(_ report: BenchReport) throws -> Data {
    switch form {
    case .json:
      try JSONText.data(
        BenchDocument(environment: report.environment, ceilings: report.ceilings, results: report.results))
    case .csv: Data(CSVTable.text(report.results).utf8)
    case .html: Data(HTMLPage(report).text.utf8)
    case .svg: Data(StandalonePlot.text(report).utf8)
    }
  }
}
