import Foundation

/// The results of a JSON report, its numbers to the last bit, which `JSONSerialization` may miss.
package struct JSONResults: Decodable {
  package enum Value: Decodable, Equatable {
    case text(String)
    case number(Double)
    case numbers([Double])
    case terms([String: Double])
    /// Samples and profiles, which are nested otherwise.
    case other
    case nothing

    package init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .nothing
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let terms = try? container.decode([String: Double].self) {
        self = .terms(terms)
      } else {
        self = (try? container.decode([Double].self)).map { .numbers($0) } ?? .other
      }
    }

    package var number: Double? {
      if case .number(let number) = self { number } else { nil }
    }
  }

  package let results: [[String: Value]]

  package init(_ data: Data) throws { self = try JSONDecoder().decode(Self.self, from: data) }

  /// Compares with the records of a CSV, field by field.
  package func isEqual(to records: CSVRecords) -> Bool {
    records.rows.count == results.count
      && zip(records.rows, results).allSatisfy { row, result in
        row.count == records.header.count
          && Set(records.header) == Set(result.keys).subtracting(["samples", "costTerms", "profile"])
          && zip(records.header, row).allSatisfy { key, field in
            switch result[key] {
            case .text(let text): field == text
            case .number(let number): Double(field) == number
            case .nothing: field.isEmpty
            case .numbers, .terms, .other, nil: false
            }
          }
      }
  }
}
