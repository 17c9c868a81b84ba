import Foundation
import ModelFormats
import TestSupport
import Testing

@testable import SparseTraining

@Suite struct TrainingReportTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func fault(_ json: String) throws -> FormatError? {
    let path = try folder.file("report.json", holding: Data(json.utf8))
    return #expect(throws: FormatError.self) { try TrainingReport(contentsOf: path) }
  }

  @Test func whatWasWrittenIsReadBack() throws {
    var report = SyntheticTraining.comparison
    report.title = "\"quoted\" / \\ \u{1F600}\n\u{1}"
    report.records[0].environment.revision = nil
    report.records[0].profile = nil
    report.records[0].peakMemoryByteCount = nil
    report.records[1].epochs[0].trainLoss = 0.1 + 0.2
    report.records[1].epochs[1].testLoss = .infinity
    report.records[1].epochs[2].testLoss = -.infinity
    report.records.append(TrainingRecord(name: "", environment: SyntheticTraining.environment()))
    try report.write(.json, to: folder.file("report.json"))
    #expect(try TrainingReport(contentsOf: folder.file("report.json")) == report)
    let none = TrainingReport(title: "", records: [])
    #expect(try TrainingReport(json: none.data(.json), file: "none") == none)
  }

  @Test func aLossThatIsNoNumberIsReadBack() throws {
    var report = SyntheticTraining.comparison
    report.records[0].epochs[4].trainLoss = .nan
    let again = try TrainingReport(json: report.data(.json), file: "report")
    #expect(again.records[0].epochs[4].trainLoss.isNaN)
    // NaN equals nothing, so equality needs it replaced.
    var (left, right) = (report, again)
    left.records[0].epochs[4].trainLoss = 0
    right.records[0].epochs[4].trainLoss = 0
    #expect(left == right)
  }

  @Test func keysAreSortedAndOnePerLine() throws {
    let text = String(decoding: try SyntheticTraining.comparison.data(.json), as: UTF8.self)
    #expect(text.hasPrefix("{\n  \"records\" : [\n") && text.hasSuffix("\n}\n"))
    #expect(text.contains("\n  \"schemaVersion\" : 1,\n  \"title\" : \"ResNet-20 on CIFAR-10\"\n"))
    #expect(try TrainingReport(json: Data(text.utf8), file: "").records[0].settings.map(\.name)[2] == "a last one")
  }

  @Test func aNewerFileIsRefusedInOneSentence() throws {
    let error = try #require(try fault(#"{"schemaVersion": 2, "records": "of another kind"}"#))
    #expect(error.kind == .badData && error.place == "schemaVersion")
    #expect(error.problem == "is 2, expected one from 1 to 1: a newer version of this package wrote it")
    #expect(
      try fault(#"{"schemaVersion": 0, "records": [], "title": ""}"#)?.problem == "is 0, expected one from 1 to 1")
  }

  @Test func filesThatLieAreRefusedWithTheirPlace() throws {
    #expect(try fault("")?.description.hasSuffix("expected a training report as JSON") == true)
    #expect(try fault("[1, 2]")?.kind == .badData)
    #expect(try fault(#"{"schemaVersion": "1"}"#)?.place == "schemaVersion")
    #expect(try fault(#"{"title": ""}"#)?.description.contains("schemaVersion: is missing, expected") == true)
    #expect(try fault(#"{"schemaVersion": 1, "title": "", "records": null}"#)?.place == "records")
    let text = String(decoding: try SyntheticTraining.comparison.data(.json), as: UTF8.self)
    let wrongStep = text.replacing("\"step\" : 938", with: "\"step\" : true")
    #expect(try fault(wrongStep)?.place == "records[0].epochs[1].step")
    let wrongPhase = text.replacing("\"optimizer\"", with: "\"sleep\"")
    #expect(try fault(wrongPhase)?.place == "records[0].profile[1].phase")
    let noPath = folder.file("none.json")
    let error = #expect(throws: FormatError.self) { try TrainingReport(contentsOf: noPath) }
    #expect(error?.kind == .noInput && error?.file == noPath)
  }

  @Test func aTruncatedFileIsRefused() throws {
    let json = try SyntheticTraining.comparison.data(.json)
    // All but the newline after the last brace.
    for count in stride(from: 0, to: json.count - 1, by: 97) {
      let error = #expect(throws: FormatError.self) { try TrainingReport(json: json.prefix(count), file: "cut") }
      #expect(error?.kind == .badData)
    }
  }

  @Test func everyEpochIsALineOfTheCSV() throws {
    var report = SyntheticTraining.comparison
    report.records[1].name = "90 % sparse, \"RigL\""
    report.records[1].epochs[0].testLoss = .nan
    try report.write(.csv, to: folder.file("report.csv"))
    let text = String(decoding: try contents(of: folder.file("report.csv")), as: UTF8.self)
    let lines = text.components(separatedBy: "\r\n")
    #expect(
      lines[0]
        == "record,epoch,step,learningRate,trainLoss,trainAccuracy,testLoss,testAccuracy,sparsity,imagesPerSecond,seconds"
    )
    #expect(lines.count == 1 + 20 + 1 && lines.last == "")
    let epoch = report.records[1].epochs[9]
    let numbers = [
      epoch.learningRate, epoch.trainLoss, epoch.trainAccuracy, epoch.testLoss, epoch.testAccuracy, epoch.sparsity,
      epoch.imagesPerSecond, epoch.seconds,
    ]
    #expect(lines[20].hasPrefix("\"90 % sparse, \"\"RigL\"\"\",10,4690,"))
    #expect(lines[20].components(separatedBy: ",").suffix(8).map { Double($0) } == numbers)
    #expect(lines[11].components(separatedBy: ",")[7] == "nan")
  }

  @Test(arguments: TrainingReport.Form.allCases)
  func anUnwritablePlaceIsAnErrorAndLeavesNothing(form: TrainingReport.Form) throws {
    let error = #expect(throws: FormatError.self) {
      try SyntheticTraining.comparison.write(form, to: folder.path + "/nowhere/report")
    }
    #expect(error?.kind == .cannotWrite)
    #expect(try folder.names.isEmpty)
  }

  @Test func sumsOfARecord() throws {
    var record = SyntheticTraining.record("dense", epochCount: 3)
    for (index, accuracy) in [0.5, 0.7, 0.7].enumerated() { record.epochs[index].testAccuracy = accuracy }
    #expect(record.best?.epoch == 2)
    record.epochs[1].testAccuracy = .nan
    #expect(record.best?.epoch == 3)
    // The mean is over images, not over epochs: 100 in 1 s and 100 in 4 s.
    record.epochs = Array(record.epochs.prefix(2))
    (record.epochs[0].imagesPerSecond, record.epochs[0].seconds) = (100, 1)
    (record.epochs[1].imagesPerSecond, record.epochs[1].seconds) = (25, 4)
    #expect(record.imagesPerSecond == 40 && record.seconds == 5)
    record.epochs[1].imagesPerSecond = .infinity
    #expect(record.imagesPerSecond == 100)
    record.epochs = []
    #expect(record.best == nil && record.imagesPerSecond == nil && record.seconds == 0)
  }
}
