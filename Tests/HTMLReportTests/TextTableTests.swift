import HTMLReport
import Testing

@Suite struct TextTableTests {
  @Test func tablesAlignTheirColumns() {
    var table = TextTable(header: ["a", "number"], leftAlignedCount: 1)
    table.append(["long", "1"])
    #expect(table.text == "a     number\n------------\nlong       1")
  }
}
