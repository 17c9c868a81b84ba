/// Records as comma-separated values (RFC 4180): a header with the JSON's keys but the samples, then a line each.
package enum CSVTable {
  /// Lines end as the RFC says; numbers are unrounded; what was not measured is an empty field.
  package static func text<Record: ReportRecord>(_ records: [Record]) -> String {
    let header = Record.fields.map { quoted($0.key) }
    let rows = records.map { record in
      Record.fields.map { field in
        switch field.value(record) {
        case .text(let text): text.map(quoted) ?? ""
        case .integer(let number): number.map { "\($0)" } ?? ""
        case .number(let number): number.map { "\($0)" } ?? ""
        }
      }
    }
    return ([header] + rows).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  /// A field in quotation marks if its characters need them.
  package static func quoted(_ field: String) -> String {
    if !field.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
