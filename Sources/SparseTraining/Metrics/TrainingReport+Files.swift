import Foundation
import ModelFormats

extension TrainingReport {
  /// The forms of a report.
  public enum Form: String, Hashable, Sendable, CaseIterable {
    /// All that is in it, to be read again: ``TrainingReport/init(contentsOf:)``.
    case json
    /// A line for each epoch of each record (RFC 4180).
    case csv
    /// One page with plots and tables that needs nothing else.
    case html
  }

  /// The version of the JSON that this code writes; it reads this one and older ones.
  public static let schemaVersion = 1

  /// Writes a file in one piece: an older one stays as it was until then.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``.
  public func write(_ form: Form, to path: String) throws(FormatError) {
    let contents: Data
    do { contents = try data(form) } catch {
      throw FormatError(.cannotWrite, file: path, "cannot hold the report: \(error)")
    }
    try AtomicFile.write(contents, to: path)
  }

  /// The bytes of a file.
  func data(_ form: Form) throws -> Data {
    switch form {
    case .json: try json()
    case .csv: Data(csv.utf8)
    case .html: Data(TrainingPage(self).text.utf8)
    }
  }

  /// Reads a report that was written as JSON.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/noInput`` where there is no such file, and of kind
  ///   ``FormatError/Kind/badData`` where it is not such a report, or one of a newer ``schemaVersion``.
  public init(contentsOf path: String) throws(FormatError) {
    try self.init(json: try InputFile.contents(of: path), file: path)
  }

  /// Reads a report from JSON.
  ///
  /// - Parameter file: what errors call it.
  init(json: Data, file: String) throws(FormatError) {
    do {
      let version = try MetricJSON.decoder.decode(Version.self, from: json).schemaVersion
      guard (1...Self.schemaVersion).contains(version) else {
        let cause = version > Self.schemaVersion ? ": a newer version of this package wrote it" : ""
        throw FormatError(
          .badData, file: file, place: "schemaVersion",
          "is \(version), expected one from 1 to \(Self.schemaVersion)\(cause)")
      }
      let document = try MetricJSON.decoder.decode(Document.self, from: json)
      self.init(title: document.title, records: document.records)
    } catch let error as FormatError {
      throw error
    } catch let error as DecodingError {
      throw FormatError(
        .badData, file: file, place: error.place, "\(error.problem), expected a training report as JSON")
    } catch {
      throw FormatError(.badData, file: file, "is not JSON, expected a training report as JSON")
    }
  }

  private func json() throws -> Data {
    let encoder = MetricJSON.encoder
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let document = Document(schemaVersion: Self.schemaVersion, title: title, records: records)
    return try encoder.encode(document) + Data("\n".utf8)
  }

  /// What is read first, as the rest of a newer file may be anything.
  private struct Version: Decodable {
    let schemaVersion: Int
  }

  private struct Document: Codable {
    let schemaVersion: Int
    let title: String
    let records: [TrainingRecord]
  }
}

extension DecodingError {
  /// The path of what could not be read: `records[0].epochs[3].step`; nil for the whole file.
  fileprivate var place: String? {
    let path: [any CodingKey]
    switch self {
    case .keyNotFound(let key, let context): path = context.codingPath + [key]
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      path = context.codingPath
    @unknown default: path = []
    }
    if path.isEmpty { return nil }
    let text = path.map { key in key.intValue.map { "[\($0)]" } ?? "." + key.stringValue }.joined()
    return text.hasPrefix(".") ? String(text.dropFirst()) : text
  }

  fileprivate var problem: String {
    switch self {
    case .keyNotFound: "is missing"
    case .typeMismatch: "is of another type"
    case .valueNotFound: "is null"
    default: "is not readable"
    }
  }
}
