import HTMLReport

/// Records as comma-separated values (RFC 4180): a header with the JSON's keys but the samples, then a line each.
package enum CSVTable {
  /// Lines end as the RFC says; numbers are unrounded; what was not measured is an empty field.
  package static func text<Record: ReportRecord>(_ records: [Record]) -> String {
    let rows = records.map { record in
      Record.fields.map { field in
        switch field.value(record) {
        case .text(let text): text ?? ""
        case .integer(let number): number.map { "\($0)" } ?? ""
        case .number(let number): number.map { "\($0)" } ?? ""
        }
      }
    }
    return CSVText.lines([Record.fields.map(\.key)] + rows)
  }
}
