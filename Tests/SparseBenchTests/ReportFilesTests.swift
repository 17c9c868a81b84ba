import Foundation
import TestSupport
import Testing

/// The files of one run, which must agree.
@Suite struct ReportFilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let problem = "mb1ic4ih6oc4kh3ph1n\"<script>, & co\""

  private func text(_ name: String) throws -> String {
    String(decoding: try contents(of: folder.file(name)), as: UTF8.self)
  }

  @Test func allFormsOfOneRunAgree() throws {
    let names = ["json", "csv", "html", "svg"]
    let outcome = try BuiltCommand.run(
      ["--problem", problem, "--sparsity", "0.5,0.9", "--seconds-per-case", "0.002"]
        + names.flatMap { ["--\($0)", folder.file("report.\($0)")] })
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(try folder.names == names.map { "report.\($0)" }.sorted())

    let json = try JSONResults(contents(of: folder.file("report.json")))
    #expect(json.isEqual(to: try CSVRecords(text("report.csv"))))

    let page = try XMLTree(text("report.html"))
    let table = try #require(page.all("table").last)
    #expect(table.all("caption").first?.text.hasPrefix("<script>, & co") == true)
    let cells = table.all("tr").dropFirst().map { row in row.all("td").map(\.text) }
    try #require(cells.count == json.results.count)
    for (row, result) in zip(cells, json.results) {
      func number(_ key: String) throws -> Double { try #require(result[key]?.number, "\(key)") }
      #expect(row[0] == String(format: "%.3f", try number("medianSeconds") * 1e3))
      #expect(row[2] == String(format: "%.1f", try number("nonzeroGflops")))
      #expect(row[4].replacing("~", with: "") == String(format: "%.2fx", try number("speedupOverDense")))
      // The terminal's table has the same numbers.
      #expect(outcome.output.contains(row[0]) && outcome.output.contains(row[4]))
    }
    #expect(page.all("script").isEmpty)
    #expect(try XMLTree(text("report.svg")).name == "svg")
  }

  @Test(arguments: ["--csv", "--html", "--svg"])
  func anUnwritableFileFailsBeforeAnythingRuns(option: String) throws {
    let outcome = try BuiltCommand.run([
      "--problem", problem, "--json", folder.file("report.json"), option, folder.path + "/nowhere/file",
    ])
    #expect(outcome.status == 73 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("nowhere/file"), "\(outcome.errors)")
    #expect(try folder.names.isEmpty)
  }

  @Test func twoFormsInOneFileAreAUsageError() throws {
    let path = folder.file("report")
    let outcome = try BuiltCommand.run(["--problem", problem, "--json", path, "--html", path])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("--json and --html both name \(path)"), "\(outcome.errors)")
  }

  @Test func interruptingWritesEveryForm() throws {
    let command = BuiltCommand(
      ["--problem", "mb1ic64ih56oc64kh3ph1", "--seconds-per-case", "3600"]
        + ["json", "csv", "html"].flatMap { ["--\($0)", folder.file("report.\($0)")] })
    try command.start()
    command.waitForOutput()
    Thread.sleep(forTimeInterval: 1)
    command.process.interrupt()
    #expect(try command.finish().status == 130)
    #expect(try text("report.csv").hasPrefix("problem,"))
    let page = try XMLTree(text("report.html"))
    #expect(page.all("p").contains { $0.text.hasPrefix("The run was interrupted") })
    #expect(try folder.names.count == 3)
  }
}
