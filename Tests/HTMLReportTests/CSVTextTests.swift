import HTMLReport
import Testing

@Suite struct CSVTextTests {
  @Test func fieldsAreQuotedWhereTheRFCSaysSo() {
    #expect(CSVText.quoted("plain text") == "plain text")
    #expect(CSVText.quoted("a,b") == "\"a,b\"")
    #expect(CSVText.quoted("n\"x\"") == "\"n\"\"x\"\"\"")
    #expect(CSVText.quoted("a\r\nb") == "\"a\r\nb\"")
  }

  @Test func aLineEndsAsTheRFCSaysSo() {
    #expect(CSVText.lines([]) == "")
    #expect(CSVText.lines([["a", ""], ["b,", "c"]]) == "a,\r\n\"b,\",c\r\n")
  }
}
