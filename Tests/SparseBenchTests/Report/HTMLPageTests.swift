import Foundation
import HTMLReport
import SparseKernels
import TestSupport
import Testing

import SparseBench

@Suite struct HTMLPageTests {
  private func page(_ synthetic: SyntheticReport) throws -> (report: BenchReport, tree: XMLTree) {
    let report = try synthetic.report()
    return (report, try XMLTree(HTMLPage(report).text))
  }

  /// The rows of a table, each with the heading of its block.
  private func cells(of table: XMLTree) -> [[String]] {
    table.all("tbody").flatMap { body in
      let heading = body.all("th").first?.text ?? ""
      return body.all("tr").enumerated().map { index, row in
        (index == 0 ? [] : [heading]) + row.children.map(\.text)
      }
    }
  }

  private func find(in tree: XMLTree, captioned start: String) -> XMLTree? {
    tree.all("table").first { $0.all("caption").first?.text.hasPrefix(start) ?? false }
  }

  @Test func everyCellIsTheResults() throws {
    var synthetic = SyntheticReport()
    synthetic.refusals = ["cholmod": "declined: it is Monday"]
    let (report, tree) = try page(synthetic)
    for layer in report.layers {
      let rows = try cells(of: #require(find(in: tree, captioned: layer.title)))
      try #require(rows.count == layer.results.count)
      for (row, result) in zip(rows, layer.results) {
        #expect(row.prefix(2) == [NumberText.percent(result.sparsity), result.kernel])
        guard let timing = result.timing else {
          #expect(row.dropFirst(2).allSatisfy { $0 == "-" })
          continue
        }
        let expected = [
          String(format: "%.3f", timing.statistics.median * 1e3),
          String(format: "%.3f", timing.statistics.medianAbsoluteDeviation * 1e3),
          String(format: "%.1f", timing.nonzeroGflops), String(format: "%.1f", timing.denseEquivalentGflops),
          String(format: "%.2fx", timing.speedupOverDense ?? 0),
          "\((timing.weightByteCount + 1023) / 1024)", "\((timing.scratchByteCount + 1023) / 1024)",
        ]
        #expect(row[2...].map { $0.replacing("~", with: "") } == expected)
      }
    }
  }

  @Test func theSummaryIsTheTerminals() throws {
    let (report, tree) = try page(SyntheticReport())
    let table = try #require(find(in: tree, captioned: report.summary.title))
    let expected = report.summary.rows.map { [$0.group, $0.kernel] + report.summary.numbers(of: $0) }
    #expect(cells(of: table) == expected)
    for cell in expected.flatMap({ $0 }) { #expect(report.summary.text.contains(cell)) }
    let all = try #require(report.summary.rows.first { $0.group == "all (3)" && $0.kernel == "graphblas" })
    let lead = Findings(report).result
    #expect(lead.contains("graphblas is \(NumberText.times(all.speedups[2] ?? 0)) as fast as dense and wins "))
  }

  @Test(arguments: ConvPass.allCases)
  func thePassIsSaid(pass: ConvPass) throws {
    var synthetic = SyntheticReport()
    synthetic.pass = pass
    let (report, tree) = try page(synthetic)
    for layer in report.layers {
      #expect(find(in: tree, captioned: "\(layer.title), \(pass.words) ") != nil)
      #expect(LayerTable(layer).text.hasPrefix("\(layer.title), \(pass.words)  [mb1"))
    }
    #expect(find(in: tree, captioned: "Speed-up over dense, \(pass.words), geometric mean") != nil)
    #expect(report.summary.text.hasPrefix("Speed-up over dense, \(pass.words), geometric mean"))
    #expect(Findings(report).subject.contains(pass == .forward ? "the forward pass of 3" : "the \(pass.words) of 3"))
    let plot = try #require(tree.all("svg").first?.all("title").first).text
    #expect(plot == "Speed-up over dense\(pass == .forward ? "" : ", \(pass.words)"), all 3 layers")
    #expect(try XMLTree(StandalonePlot.text(report)).all("title").first?.text == plot)
    let facts = try #require(find(in: tree, captioned: "Machine"))
    #expect(facts.all("tr").contains { $0.children.map(\.text) == ["pass", pass.rawValue] })
  }

  @Test func theFitsAreTheLinesThatWereMeasured() throws {
    let (report, tree) = try page(SyntheticReport())
    let rows = try cells(of: #require(find(in: tree, captioned: "Fitted lines")))
    #expect(rows.count == report.layers.count * 2)
    for row in rows {
      #expect(row[2] == (row[1] == "cholmod" ? "15000" : "6000"), "\(row)")
      #expect(row[3] == (row[1] == "cholmod" ? "0.500" : "0.200"), "\(row)")
      #expect(row[4...] == ["1.0000", "4"], "\(row)")
    }
  }

  @Test func theMachineIsTheEnvironments() throws {
    let (_, tree) = try page(SyntheticReport())
    let ceilings = try #require(find(in: tree, captioned: "Ceilings"))
    #expect(ceilings.all("td").map(\.text).prefix(3) == ["117 GFLOP/s", "109 GFLOP/s", "59 GFLOP/s"])
    let names = try #require(find(in: tree, captioned: "Machine")).all("th").map(\.text)
    for name in ["processor", "caches", "memory", "compiler", "CXSparse", "revision", "date", "command"] {
      #expect(names.contains(name))
    }
  }

  @Test func plotsSayInWordsWhatTheyDraw() throws {
    let (report, tree) = try page(SyntheticReport())
    let plots = tree.all("svg")
    // Speed-up and rate for all layers and two groups, memory once, time for each layer.
    #expect(plots.count == 3 + 3 + 1 + report.layers.count)
    #expect(Set(plots.compactMap { $0.attributes["aria-labelledby"] }).count == plots.count)
    for plot in plots {
      let marks = (plot.all("circle") + plot.all("path")).filter { !$0.all("title").isEmpty }
      let description = try #require(plot.all("desc").first).text
      #expect(marks.count >= 8 && plot.attributes["role"] == "img")
      for mark in marks {
        let note = try #require(mark.all("title").first?.text.split(separator: ", ", maxSplits: 1).last)
        #expect(description.contains(note), "\(note)")
      }
    }
    let speedup = try #require(plots.first)
    #expect(speedup.all("text").map(\.text).contains("break-even"))
    #expect(speedup.all("desc").first?.text.contains("A line marks break-even.") == true)
  }

  @Test func coordinatesStayInsideTheirPlot() throws {
    for plot in try page(SyntheticReport()).tree.all("svg") {
      let width = try #require(Double(plot.attributes["width"] ?? ""))
      let height = try #require(Double(plot.attributes["height"] ?? ""))
      for element in plot.all("line") + plot.all("circle") + plot.all("text") {
        for (key, value) in element.attributes where ["x", "x1", "x2", "cx"].contains(key) {
          #expect((0...width).contains(try #require(Double(value))))
        }
        for (key, value) in element.attributes where ["y", "y1", "y2", "cy"].contains(key) {
          #expect((0...height).contains(try #require(Double(value))))
        }
      }
    }
  }

  @Test func aNameCannotBecomeAnElement() throws {
    var synthetic = SyntheticReport()
    let name = "<script>alert(1)</script> & 'more' than fits into the title of a plot"
    synthetic.problems.append("mb1ic4ih6oc8kh3ph1n\"\(name)\"")
    synthetic.refusals = ["cholmod": "wrong: <b>\u{1}"]
    let (_, tree) = try page(synthetic)
    #expect(tree.all("script").isEmpty && tree.all("b").isEmpty)
    #expect(find(in: tree, captioned: name) != nil)
    #expect(tree.all("svg").contains { $0.all("title").first?.text == name })
  }

  @Test func aPageNeedsNothingElse() throws {
    let (report, tree) = try page(SyntheticReport())
    for name in ["script", "link", "img", "iframe", "image", "use", "object"] { #expect(tree.all(name).isEmpty) }
    #expect(tree.all("a").allSatisfy { $0.attributes["href"]?.hasPrefix("#") == true })
    let targets = Set(tree.all("section").compactMap { $0.attributes["id"] })
    #expect(tree.all("a").allSatisfy { targets.contains(String($0.attributes["href"]?.dropFirst() ?? "")) })
    let text = HTMLPage(report).text
    #expect(!text.contains("url(") && !text.contains("@import"))
    #expect(text.contains("prefers-color-scheme: dark") && text.contains("@media print"))
  }

  @Test func whatWasDeclinedOrWrongIsSaid() throws {
    var synthetic = SyntheticReport()
    synthetic.refusals = ["cholmod": "declined: it is Monday", "graphblas": "wrong: output [0] is nan"]
    synthetic.isInterrupted = true
    let cautions = try page(synthetic).tree.all("p").filter { $0.attributes["class"] == "caution" }.map(\.text)
      .joined(separator: "\n").replacing("\u{A0}", with: " ")
    #expect(cautions.contains("cholmod declined: it is Monday. This is so on: first at 50 %, 80 %, 90 %, 99 %; second"))
    #expect(cautions.contains("graphblas computed something wrong and was not timed: output [0] is nan."))
    #expect(cautions.contains("interrupted"))
  }

  @Test func weightsAsFoundAreScattered() throws {
    var synthetic = SyntheticReport()
    synthetic.isFound = true
    let (report, tree) = try page(synthetic)
    let speedup = try #require(tree.all("svg").first)
    #expect(speedup.all("path").allSatisfy { $0.attributes["class"] != "line" })
    #expect(speedup.all("desc").first?.text.contains("first at 50 %: ") == true)
    #expect(tree.all("p").contains { $0.text.hasPrefix("There is no line to fit") })
    #expect(Findings(report).result.contains("at the sparsities found"))
  }

  @Test(arguments: [[0.9], [0.9, 1], [0, 1e-17]])
  func fewSparsitiesMakeAPage(sparsities: [Double]) throws {
    var synthetic = SyntheticReport()
    synthetic.sparsities = sparsities
    let (_, tree) = try page(synthetic)
    #expect(tree.all("svg").isEmpty == (sparsities.count == 1))
    #expect(tree.all("p").contains { $0.text.contains("by the logarithm") } == (sparsities[0] == 0))
    #expect(tree.all("p").contains { $0.text.hasPrefix("Only one sparsity") } == (sparsities.count == 1))
  }

  @Test(arguments: [["graphblas"], ["dense"], []])
  func fewKernelsMakeAPage(kernels: [String]) throws {
    var synthetic = SyntheticReport()
    synthetic.kernels = kernels
    let (report, tree) = try page(synthetic)
    #expect(tree.all("p").contains { $0.text.contains("There is no speed-up to draw") } == !kernels.isEmpty)
    #expect(tree.all("p").contains { $0.text.contains("no kernel was timed") } == kernels.isEmpty)
    #expect(try XMLTree(StandalonePlot.text(report)).all("text").count == 1)
  }

  @Test func nothingMeasuredMakesAPage() throws {
    var synthetic = SyntheticReport()
    synthetic.problems = []
    let (_, tree) = try page(synthetic)
    #expect(tree.all("p").contains { $0.text.hasPrefix("Nothing was measured on") })
    #expect(tree.all("svg").isEmpty && tree.all("table").count == 2)
  }

  @Test func denseIsExactlyAsFastAsItself() throws {
    let table = LayerTable(try SyntheticReport().report().layers[0])
    let ratios = table.blocks.flatMap(\.rows).filter { $0[0] == "dense" }.map { $0[5] }
    #expect(ratios == Array(repeating: "1.00x", count: 4))
    #expect(table.text.contains(" 1.00x") && !table.text.contains("~1.00x"))
  }

  @Test func sparsitiesThatReadAlikeStayApart() throws {
    var synthetic = SyntheticReport()
    synthetic.sparsities = [0.9991, 0.9994]
    let table = LayerTable(try synthetic.report().layers[0])
    #expect(table.blocks.map(\.sparsity) == ["99.9 %", "99.9 %"])
    #expect(table.blocks.map(\.rows.count) == [3, 3])
  }

  @Test func aPictureHasItsStylesInside() throws {
    let tree = try XMLTree(StandalonePlot.text(try SyntheticReport().report()))
    #expect(tree.name == "svg" && tree.attributes["xmlns"] == "http://www.w3.org/2000/svg")
    let style = try #require(tree.all("style").first).text
    #expect(style.contains("prefers-color-scheme: dark"))
    #expect(tree.all("title").first?.text == "Speed-up over dense, all 3 layers")
    for kernel in ["cholmod", "graphblas", "break-even"] {
      #expect(tree.all("text").map(\.text).contains(kernel))
    }
  }
}
