/// Comma-separated values as RFC 4180 has them.
package enum CSVText {
  /// Records, each ended as the RFC says.
  package static func lines(_ records: [[String]]) -> String {
    records.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A field in quotation marks if its characters need them.
  package static func quoted(_ field: String) -> String {
    if !field.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
