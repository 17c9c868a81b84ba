/// Why a file could not be read or written.
///
/// Its `description` is always one line, whatever the file holds: text from a file is escaped and clipped before it
/// gets into a message.
public struct FormatError: Error, Equatable, CustomStringConvertible, Sendable {
  /// What went wrong, as far as the caller has to act differently.
  public enum Kind: Sendable {
    /// The input does not exist or cannot be read.
    case noInput
    /// The input was read, and its contents are not what its format or its reader demands; also tensors or names that
    /// a format cannot hold.
    case badData
    /// The output cannot be created or written.
    case cannotWrite
  }

  /// What went wrong.
  public let kind: Kind

  /// The file, as its reader or writer was given it.
  public let file: String

  /// Where in the file: a byte, a tensor, a field; nil where it is the whole file.
  public let place: String?

  /// What was found there and what was expected.
  public let problem: String

  /// Creates an error; the parts are made fit for one line of text.
  public init(_ kind: Kind, file: String, place: String? = nil, _ problem: String) {
    self.kind = kind
    self.file = Self.printable(file, limit: 1_000)
    self.place = place.map { Self.printable($0, limit: 200) }
    self.problem = Self.printable(problem, limit: 400)
  }

  /// One line: the file, the place in it, and what was found and expected there.
  public var description: String {
    [file, place, problem].compactMap(\.self).joined(separator: ": ")
  }

  /// Text from a file in quotation marks, short enough to be one of several in a message.
  package static func quoted(_ text: String) -> String {
    "'\(printable(text, limit: 80))'"
  }

  /// The text without the characters that would break or reorder a line on a terminal, and at most `limit` long.
  private static func printable(_ text: String, limit: Int) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
      if count == limit { return result + "..." }
      count += 1
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
