// The elements that pages use more than once.
extension Markup {
  package static func paragraph(_ contents: Markup..., style: String? = nil) -> Markup {
    style.map { .element("p", ["class": $0], contents) } ?? .element("p", contents: contents)
  }

  /// A part of the page that the list of contents can point to.
  package static func section(_ id: String, title: String, _ contents: [Markup]) -> Markup {
    .element("section", ["id": id], [.element("h2", contents: [Markup(title)])] + contents)
  }

  package static func subheading(_ text: String) -> Markup { .element("h3", contents: [Markup(text)]) }

  package static func list(_ items: [Markup]) -> Markup {
    .element("ul", contents: items.map { .element("li", contents: [$0]) })
  }

  package static func element(_ name: String, contents: [Markup]) -> Markup { .element(name, [:], contents) }

  /// A box that scrolls by itself where it is too narrow for its contents, by keyboard too.
  package static func scrolling(_ label: String, _ contents: Markup) -> Markup {
    .element("div", ["class": "scroll", "role": "region", "aria-label": label, "tabindex": "0"], [contents])
  }
}
