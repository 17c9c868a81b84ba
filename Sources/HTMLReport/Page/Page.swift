/// A page that needs nothing else: no script, no font, no address.
package enum Page {
  /// The document.
  ///
  /// - Parameters:
  ///   - title: what the window is called.
  ///   - contents: what stands on the page.
  package static func document(title: String, _ contents: [Markup]) -> String {
    let page = Markup.element(
      "html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"],
      [head(title: title), .element("body", contents: [.element("main", contents: contents)])])
    return "<!DOCTYPE html>\n" + page.source + "\n"
  }

  private static func head(title: String) -> Markup {
    .element(
      "head",
      contents: [
        .element("meta", ["charset": "utf-8"]),
        .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .element("title", contents: [Markup(title)]),
        .style([PlotStyle.colours, PlotStyle.rules, PageStyle.rules].joined(separator: "\n")),
      ])
  }

  /// A sentence whose percentages stay in one line.
  package static func prose(_ text: String) -> Markup { Markup(text.replacing(" %", with: "\u{A0}%")) }
}
