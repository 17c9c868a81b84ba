import Foundation
import TestSupport
import Testing

@testable import SparseTraining

@Suite struct TrainingPageTests {
  private func tree(_ report: TrainingReport) throws -> XMLTree {
    try XMLTree(TrainingPage(report).text)
  }

  private func rows(of tree: XMLTree, captioned caption: String) throws -> [[String]] {
    let table = try #require(tree.all("table").first { $0.all("caption").first?.text == caption })
    return table.all("tbody").flatMap { $0.all("tr") }.map { $0.children.map(\.text) }
  }

  private func lead(_ report: TrainingReport) -> String {
    TrainingFindings(report.records).sentences.joined(separator: " ")
  }

  @Test func theFindingsAreTheRecords() throws {
    var report = SyntheticTraining.comparison
    for index in report.records.indices {
      for epoch in report.records[index].epochs.indices { report.records[index].epochs[epoch].testAccuracy = 0.5 }
      report.records[index].epochs[9].testAccuracy = 0.9123
    }
    report.records[1].epochs[7].testAccuracy = 0.9234
    #expect(
      lead(report)
        == "dense: test accuracy 91.23 % after 10 epochs, which is its best; 122 images/s. 90 % sparse, RigL: test accuracy "
        + "91.23 % after 10 epochs, 92.34 % at best (epoch 8); 252 images/s, 2.07 times the rate of dense.")
    report.records.append(SyntheticTraining.record("third", epochCount: 1))
    #expect(try tree(report).all("li").count == 3)
    let rows = try rows(of: tree(report), captioned: "What it came to")
    #expect(
      rows[0].dropFirst() == ["dense", "91.23 %", "91.23 %", "10", "0.0 %", "122", "1.00x", "1 h 23 min", "300 MiB"])
    #expect(rows[1][1...6] == ["91.23 %", "92.34 %", "8", "82.6 %", "252", "2.07x"])
  }

  @Test func everyNumberIsInTheTable() throws {
    let report = SyntheticTraining.comparison
    let rows = try rows(of: tree(report), captioned: "Epochs")
    try #require(rows.count == 20)
    for (row, epoch) in zip(rows, report.records.flatMap(\.epochs)) {
      #expect(
        row.suffix(10) == [
          "\(epoch.epoch)", "\(epoch.step)", String(format: "%.4g", epoch.learningRate),
          String(format: "%.4f", epoch.trainLoss), String(format: "%.2f %%", epoch.trainAccuracy * 100),
          String(format: "%.4f", epoch.testLoss), String(format: "%.2f %%", epoch.testAccuracy * 100),
          String(format: "%.1f %%", epoch.sparsity * 100), String(format: "%.0f", epoch.imagesPerSecond),
          String(format: "%.1f s", epoch.seconds),
        ])
    }
  }

  @Test(arguments: [(1, 1), (1, 100), (2, 10), (6, 1), (6, 100)])
  func everyRecordIsASeriesOfEveryPlot(recordCount: Int, epochCount: Int) throws {
    let records = (0..<recordCount).map { index in
      SyntheticTraining.record(
        "record \(index) of a long name", epochCount: epochCount, sparsity: 0.15 * Double(index),
        rate: 100 + 40 * Double(index))
    }
    let tree = try tree(TrainingReport(title: "\(recordCount) of \(epochCount)", records: records))
    let plots = tree.all("svg")
    #expect(
      plots.map { $0.all("title").first?.text }
        == ["Test accuracy", "Loss", "Sparsity", "Speed of training", "Learning rate"])
    #expect(Set(plots.compactMap { $0.attributes["aria-labelledby"] }).count == 5)
    for plot in plots {
      let description = try #require(plot.all("desc").first).text
      for record in records { #expect(description.contains("\(record.name): epoch 1: ")) }
      #expect(description.contains("; epoch \(epochCount): ") == (epochCount > 1))
      let groups = plot.all("g").filter { $0.all("title").count > 0 }
      #expect(groups.count >= recordCount && groups.allSatisfy { $0.all("title").count <= 12 })
      let names = plot.all("text").filter { $0.attributes["class"] == "label" }
      #expect(names.count == recordCount)
      try expectInside(plot)
    }
    let dashed = plots[1].all("path").filter { $0.attributes["stroke-dasharray"] != nil }
    #expect(dashed.count == (epochCount > 1 ? recordCount : 0))
  }

  private func expectInside(_ plot: XMLTree) throws {
    let width = try #require(Double(plot.attributes["width"] ?? ""))
    let height = try #require(Double(plot.attributes["height"] ?? ""))
    for element in plot.all("line") + plot.all("circle") + plot.all("text") {
      for (key, value) in element.attributes {
        let place = Double(value) ?? .nan
        if ["x", "x1", "x2", "cx"].contains(key) { #expect((0...width).contains(place), "\(key)=\(value)") }
        if ["y", "y1", "y2", "cy"].contains(key) { #expect((0...height).contains(place), "\(key)=\(value)") }
      }
    }
    for path in plot.all("path") {
      let numbers = (path.attributes["d"] ?? "").split { !"0123456789.-einfa+".contains($0) }.map { Double($0) }
      #expect(numbers.allSatisfy { ($0 ?? .nan).isFinite && (-1...max(width, height)).contains($0 ?? .nan) })
    }
  }

  @Test func aLossThatIsNoNumberIsSaidAndNotDrawn() throws {
    var report = SyntheticTraining.comparison
    for epoch in 4..<10 {
      report.records[1].epochs[epoch].trainLoss = .nan
      report.records[1].epochs[epoch].testLoss = .infinity
    }
    let tree = try tree(report)
    let cautions = tree.all("p").filter { $0.attributes["class"] == "caution" }.map(\.text)
    #expect(
      cautions.map { $0.replacing("\u{A0}", with: " ") } == [
        "90 % sparse, RigL: the training loss was NaN in epoch 5; what is not finite has no point in the plots."
      ])
    let loss = tree.all("svg")[1]
    try expectInside(loss)
    #expect(loss.all("desc").first?.text.contains("RigL: epoch 1: 1.8855; epoch 2: ") == true)
    #expect(
      loss.all("desc").first?.text.hasSuffix("epoch 4: \(MetricText.loss(report.records[1].epochs[3].testLoss)).")
        == true)
    let row = try rows(of: tree, captioned: "Epochs")[14]
    #expect(row[3] == "NaN" && row[5] == "infinite")
  }

  @Test func numbersThatAreAllNoneMakeAPage() throws {
    var record = SyntheticTraining.record("lost", epochCount: 2)
    for index in record.epochs.indices {
      record.epochs[index] = EpochMetrics(
        epoch: index + 1, step: 0, learningRate: .nan, trainLoss: .nan, trainAccuracy: .nan, testLoss: .nan,
        testAccuracy: .nan, sparsity: .nan, imagesPerSecond: .nan, seconds: .nan)
    }
    let report = TrainingReport(title: "all lost", records: [record, SyntheticTraining.record("none", epochCount: 0)])
    let tree = try tree(report)
    #expect(tree.all("svg").isEmpty)
    #expect(tree.all("p").contains { $0.text == "There is no epoch to draw." })
    #expect(lead(report) == "lost: 2 epochs, and no test accuracy is known. none: no epoch was trained.")
    #expect(
      try self.tree(TrainingReport(title: "empty", records: [])).all("p").contains { $0.text == "Nothing was trained." }
    )
  }

  @Test func extremeNumbersStayInsideTheirPlot() throws {
    var report = SyntheticTraining.comparison
    report.title = "extreme"
    report.records[0].epochs[9].trainLoss = 1e25
    report.records[0].epochs[9].testLoss = .greatestFiniteMagnitude
    report.records[0].epochs[8].learningRate = 0
    report.records[1].epochs[3].testLoss = -3
    report.records[1].epochs[3].imagesPerSecond = 1e12
    for plot in try tree(report).all("svg") { try expectInside(plot) }
    // A loss of one's own may be negative.
    for epoch in 0..<10 { report.records[1].epochs[epoch].testLoss = -Double(epoch) }
    report.records = [report.records[1]]
    for plot in try tree(report).all("svg") { try expectInside(plot) }
  }

  @Test func settingsAndMachinesAreThere() throws {
    var report = SyntheticTraining.comparison
    #expect(
      try rows(of: tree(report), captioned: "dense") == [
        ["optimizer", "SGD, momentum 0.9"], ["batch size", "128"], ["a last one", ""],
      ])
    let machine = try rows(of: tree(report), captioned: "Machine")
    for row in [["threads used", "2"], ["revision", "0123456789ab"], ["began", "2026-01-02T03:04:05Z"]] {
      #expect(machine.contains(row))
    }
    report.records[1].environment.date = "2026-01-03T00:00:00Z"
    #expect(
      try rows(of: tree(report), captioned: "Machine").last == ["began", "2026-01-02T03:04:05Z, 2026-01-03T00:00:00Z"])
    report.records[1].environment.threads = 1
    let tree = try tree(report)
    #expect(try rows(of: tree, captioned: "Machine of dense").contains(["threads used", "2"]))
    #expect(try rows(of: tree, captioned: "Machine of 90 % sparse, RigL").contains(["threads used", "1"]))
    #expect(tree.all("p").contains { $0.text.hasPrefix("The records were trained on different processors") })
  }

  @Test func aProfileIsThereIfThereIsOne() throws {
    var report = SyntheticTraining.comparison
    report.records[1].profile = nil
    let rows = try rows(of: tree(report), captioned: "Operations and phases")
    #expect(
      rows == [
        ["dense", "Conv2d mb128ic3, forward", "4690", "30.000", "75.0 %"],
        ["parameters, optimizer", "4690", "10.000", "25.0 %"],
      ])
    report.records[0].profile = []
    let tree = try tree(report)
    #expect(!tree.all("section").contains { $0.attributes["id"] == "profile" })
    #expect(!tree.all("a").contains { $0.attributes["href"] == "#profile" })
  }

  @Test func aNameCannotBecomeAnElement() throws {
    let name = "<script>alert(1)</script> & 'more'"
    var report = TrainingReport(title: name, records: [SyntheticTraining.record(name)])
    report.records[0].settings = [.init(name, name)]
    report.records[0].profile?[0].operation = name
    let tree = try tree(report)
    #expect(tree.all("script").isEmpty && tree.all("title").first?.text == name && tree.all("h1").first?.text == name)
    #expect(try rows(of: tree, captioned: name) == [[name, name]])
  }

  @Test func aPageNeedsNothingElse() throws {
    let tree = try tree(SyntheticTraining.comparison)
    for name in ["script", "link", "img", "iframe", "image", "use", "object"] { #expect(tree.all(name).isEmpty) }
    let targets = Set(tree.all("section").compactMap { $0.attributes["id"] })
    let addresses = tree.all("a").map { $0.attributes["href"] ?? "" }
    #expect(
      addresses.count == 4 && addresses.allSatisfy { $0.hasPrefix("#") && targets.contains(String($0.dropFirst())) })
  }
}
