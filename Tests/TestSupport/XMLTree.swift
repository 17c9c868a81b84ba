/// An element of a document that a strict parser read: every tag is closed in order, every value quoted, every `&` an
/// escape. The tests read our pages with it, so that they stand on no library that a machine may lack.
package struct XMLTree {
  package struct Fault: Error, CustomStringConvertible {
    package let description: String
  }

  package let name: String
  package let attributes: [String: String]
  package private(set) var children: [XMLTree] = []
  /// The text in it and in its children, in order.
  package private(set) var text = ""

  package init(_ document: String) throws {
    var parser = Parser(rest: document[...])
    self = try parser.document()
  }

  private init(name: String, attributes: [String: String]) {
    self.name = name
    self.attributes = attributes
  }

  /// All elements below this one with a name, in the order of the document.
  package func all(_ name: String) -> [XMLTree] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.all(name) }
  }

  private struct Parser {
    var rest: Substring

    mutating func document() throws -> XMLTree {
      if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) }
      skipSpace()
      let root = try element()
      skipSpace()
      if !rest.isEmpty { throw fault("something after the root") }
      return root
    }

    private mutating func element() throws -> XMLTree {
      try take("<")
      let name = takeName()
      if name.isEmpty { throw fault("a tag without a name") }
      var attributes: [String: String] = [:]
      while true {
        skipSpace()
        if take(ifNext: "/>") { return XMLTree(name: name, attributes: attributes) }
        if take(ifNext: ">") { break }
        let key = takeName()
        try take("=\"")
        let value = rest.prefix { $0 != "\"" }
        rest = rest.dropFirst(value.count)
        try take("\"")
        if attributes.updateValue(try unescaped(value), forKey: key) != nil { throw fault("\(key) twice in \(name)") }
      }
      var tree = XMLTree(name: name, attributes: attributes)
      while !rest.hasPrefix("</") {
        if rest.hasPrefix("<") {
          let child = try element()
          tree.text += child.text
          tree.children.append(child)
        } else {
          let text = rest.prefix { $0 != "<" }
          if text.isEmpty { throw fault("\(name) is not closed") }
          rest = rest.dropFirst(text.count)
          tree.text += try unescaped(text)
        }
      }
      try take("</\(name)>")
      return tree
    }

    private func unescaped(_ text: Substring) throws -> String {
      if text.contains("<") { throw fault("'<' in a value") }
      var parts = text.split(separator: "&", omittingEmptySubsequences: false)
      var plain = String(parts.removeFirst())
      for part in parts {
        let escapes = ["amp;": "&", "lt;": "<", "gt;": ">", "quot;": "\"", "#39;": "'"]
        guard let (escape, character) = escapes.first(where: { part.hasPrefix($0.key) }) else {
          throw fault("'&\(part.prefix(9))'")
        }
        plain += character + part.dropFirst(escape.count)
      }
      return plain
    }

    private mutating func takeName() -> String {
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == ":" }
      rest = rest.dropFirst(name.count)
      return String(name)
    }

    private mutating func skipSpace() { rest = rest.drop(while: \.isWhitespace) }

    private mutating func take(_ text: String) throws {
      if !take(ifNext: text) { throw fault("expected '\(text)'") }
    }

    private mutating func take(ifNext text: String) -> Bool {
      if !rest.hasPrefix(text) { return false }
      rest = rest.dropFirst(text.count)
      return true
    }

    private func fault(_ message: String) -> Fault { Fault(description: "\(message), before '\(rest.prefix(40))'") }
  }
}
