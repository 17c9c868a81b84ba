import Testing

import HTMLReport

@Suite struct MarkupTests {
  @Test func textIsEscapedWhereverItComesFrom() {
    let outside = "<script>alert(\"a\" & 'b')</script>"
    let escaped = "&lt;script&gt;alert(&quot;a&quot; &amp; &#39;b&#39;)&lt;/script&gt;"
    #expect(Markup(outside).source == escaped)
    #expect(Markup.element("p", [:], ["\(outside)"]).source == "<p>\(escaped)</p>")
    #expect(Markup.element("p", ["title": outside]).source == "<p title=\"\(escaped)\"></p>")
  }

  @Test func whatXMLForbidsIsReplaced() {
    #expect(Markup("a\0b\u{1B}[31m\tc\u{FFFF}").source == "a\u{FFFD}b\u{FFFD}[31m\tc\u{FFFD}")
  }

  @Test func onlyEmptyElementsCloseThemselves() {
    #expect(Markup.element("br").source == "<br/>")
    #expect(Markup.element("td").source == "<td></td>")
    #expect(Markup.element("p", [:], ["a", .element("b", [:], ["c"])]).source == "<p>a<b>c</b></p>")
  }
}
