import HTMLReport

/// Results as comma-separated values (RFC 4180): a header with the JSON's keys but `samples`, then a line each.
package enum CSVTable {
  /// Lines end as the RFC says; numbers are unrounded; what was not measured is an empty field.
  package static func text(_ results: [BenchResult]) -> String {
    let rows = results.map { result in
      BenchResult.fields.map { field in
        switch field.value(result) {
        case .text(let text): text ?? ""
        case .integer(let number): number.map { "\($0)" } ?? ""
        case .number(let number): number.map { "\($0)" } ?? ""
        }
      }
    }
    return CSVText.lines([BenchResult.fields.map(\.key)] + rows)
  }
}
