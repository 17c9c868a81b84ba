/// A line of a CSV file and an element of a JSON file: one list of fields, so that the two cannot differ.
package protocol ReportRecord: Encodable {
  /// The fields in the order of the columns.
  static var fields: [(key: String, value: @Sendable (Self) -> FieldValue)] { get }
}

/// A value of one key: text, or a number that may not have been measured.
package enum FieldValue: Equatable, Sendable {
  case text(String?)
  case integer(Int?)
  case number(Double?)
}

/// A key of a JSON object that a list of fields names.
package struct FieldKey: CodingKey {
  package let stringValue: String
  package let intValue: Int? = nil
  package init(stringValue: String) { self.stringValue = stringValue }
  package init?(intValue: Int) { nil }
}

extension ReportRecord {
  /// Writes every field, null for what was not measured.
  package func encodeFields(into container: inout KeyedEncodingContainer<FieldKey>) throws {
    for (name, value) in Self.fields {
      let key = FieldKey(stringValue: name)
      switch value(self) {
      case .text(let text): try container.encode(text, forKey: key)
      case .integer(let number): try container.encode(number, forKey: key)
      case .number(let number): try container.encode(number, forKey: key)
      }
    }
  }
}
