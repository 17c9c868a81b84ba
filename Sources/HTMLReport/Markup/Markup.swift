/// A piece of HTML or SVG that is also well-formed XML. Text becomes part of it only through escaping, string literals
/// and interpolations too: what comes from outside cannot become an element.
package struct Markup: ExpressibleByStringInterpolation, Sendable {
  package let source: String

  private init(source: String) { self.source = source }

  /// Text, escaped.
  package init(_ text: String) { self.init(source: Self.escaped(text)) }

  package init(stringLiteral text: String) { self.init(text) }

  /// Elements and text one after the other.
  package init(_ parts: [Markup]) { self.init(source: parts.map(\.source).joined()) }

  /// Rules for a `style` element, where a browser knows no escapes.
  ///
  /// - Precondition: none of the characters that HTML and XML read differently there.
  package static func style(_ rules: String) -> Markup {
    precondition(!rules.contains { "<&".contains($0) }, "Markup: a style sheet may not contain < or &")
    return Markup(source: "<style>\n\(rules)\n</style>")
  }

  /// An element.
  ///
  /// - Parameters:
  ///   - attributes: values are escaped.
  ///   - contents: text and elements inside.
  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ contents: [Markup] = []
  ) -> Markup {
    let attributes = attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
    if contents.isEmpty && emptyElements.contains(name) { return Markup(source: "<\(name)\(attributes)/>") }
    return Markup(source: "<\(name)\(attributes)>\(Markup(contents).source)</\(name)>")
  }

  /// What may be closed in its opening tag: HTML's empty elements, and SVG's shapes.
  private static let emptyElements: Set = ["meta", "br", "line", "path", "circle", "rect"]

  /// Text with the characters that mean something replaced, and those that XML forbids.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
      case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
