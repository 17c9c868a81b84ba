import HTMLReport
import Testing

@Suite struct LinePlotTests {
  private func svg(_ series: [LinePlot.Series]) -> String {
    LinePlot(
      title: "title", xTitle: "x", yTitle: "y", xScale: .counting(from: 1, through: 10), yScale: .linear(upTo: 10),
      series: series
    ).svg(id: "plot").source
  }

  private func series(
    _ count: Int, path: LinePlot.Path = .connected, isNamed: Bool = true, stride: Int = 1
  ) -> LinePlot.Series {
    let points = (1...count).map { LinePlot.Point(x: Double($0), y: 5, note: "point \($0)") }
    return LinePlot.Series(
      name: "a name", style: SeriesStyle(index: 1), points: points, path: path, isNamed: isNamed, markerStride: stride)
  }

  private func count(_ part: String, in text: String) -> Int { text.components(separatedBy: part).count - 1 }

  @Test(arguments: [(1, 10), (3, 4), (4, 3), (9, 2), (10, 1), (0, 0)])
  func markersAreCountedFromTheLast(stride: Int, markers: Int) {
    let text = svg([series(10, stride: stride)])
    #expect(count("<title>a name, point ", in: text) == markers)
    #expect(text.contains("<title>a name, point 10</title>") == (stride > 0))
    // The words have all points, whatever is drawn.
    #expect(text.contains("a name: point 1; point 2; ") && count("class=\"line\"", in: text) == 1)
  }

  @Test func aDashedLineIsDashedWithoutAStyleSheet() {
    #expect(svg([series(10, path: .dashed)]).contains("stroke-dasharray=\"5 4\""))
    #expect(!svg([series(10)]).contains("stroke-dasharray"))
  }

  @Test func aSeriesWithoutANameLeavesTheRoomToTheOthers() {
    #expect(count("class=\"label\"", in: svg([series(10), series(10, isNamed: false)])) == 1)
    #expect(count("class=\"label\"", in: svg([series(10, isNamed: false)])) == 0)
  }
}
