/// The cache's file as text, so that a person can read it:
///
///     swift-sparse-nn plans 1
///     machine AMD EPYC, avx512, ...
///     KEY <tab> direct=0.000123 onednn=0.000340
///     end 1 0123456789abcdef
///
/// The last line counts the plans and has a ``StableHash`` of all that is before it: a file that is cut or changed is seen.
struct PlanCacheFile: Equatable, Sendable {
  /// Seconds by kernel, for each key.
  var entries: [PlanKey: [String: Double]] = [:]

  /// The version of this format. Other versions are not read; a larger one is never overwritten.
  static let version = 1
  private static let magic = "swift-sparse-nn plans "

  /// Why a file is not used.
  enum Fault: Error, Equatable {
    /// Not such a file, or not whole.
    case damaged(String)
    /// Of another machine, or of other libraries.
    case foreign(machine: String)
    /// Of a version that this one does not know.
    case newer(version: Int)

    var words: String {
      switch self {
      case .damaged(let what): "is damaged: \(what)"
      case .foreign(let machine): "is of another machine or of other libraries: \(machine)"
      case .newer(let version): "has version \(version), expected \(PlanCacheFile.version)"
      }
    }
  }

  init(entries: [PlanKey: [String: Double]] = [:]) { self.entries = entries }

  /// Reads a file's text.
  ///
  /// - Parameter machine: the machine that the file must be of.
  init(text: String, machine: String) throws(Fault) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, first.hasPrefix(Self.magic), let version = Int(first.dropFirst(Self.magic.count))
    else { throw .damaged("the first line is not '\(Self.magic)\(Self.version)'") }
    if version > Self.version { throw .newer(version: version) }
    if version < Self.version { throw .damaged("version \(version)") }
    guard lines.count >= 4, lines.removeLast().isEmpty else { throw .damaged("its end is missing") }
    let last = lines.removeLast()
    let body = lines.map { $0 + "\n" }.joined()
    if last != Self.lastLine(body: body, count: lines.count - 2) { throw .damaged("its last line does not fit it") }
    let found = lines[1]
    if found != "machine \(machine)" { throw .foreign(machine: String(found.drop(while: { $0 != " " }).dropFirst())) }
    for line in lines.dropFirst(2) {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard parts.count == 2, let medians = Self.medians(parts[1]) else { throw .damaged("'\(line)'") }
      entries[PlanKey(text: String(parts[0]))] = medians
    }
  }

  /// The file's text; plans in the order of their keys.
  func text(machine: String) -> String {
    var body = "\(Self.magic)\(Self.version)\nmachine \(machine)\n"
    for (key, medians) in entries.sorted(by: { $0.key.text < $1.key.text }) {
      let fields = medians.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      body += "\(key.text)\t\(fields.joined(separator: " "))\n"
    }
    return body + Self.lastLine(body: body, count: entries.count) + "\n"
  }

  private static func lastLine(body: String, count: Int) -> String {
    "end \(count) \(StableHash.text(StableHash.of(body)))"
  }

  private static func medians(_ text: Substring) -> [String: Double]? {
    var medians: [String: Double] = [:]
    for field in text.split(separator: " ") {
      let parts = field.split(separator: "=")
      guard parts.count == 2, let seconds = Double(parts[1]), seconds > 0, seconds.isFinite else { return nil }
      medians[String(parts[0])] = seconds
    }
    return medians.isEmpty ? nil : medians
  }
}
