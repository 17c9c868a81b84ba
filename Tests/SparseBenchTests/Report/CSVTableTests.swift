import Foundation
import Testing

import SparseBench

@Suite struct CSVTableTests {
  @Test func aRunWithoutResultsHasAHeader() {
    let text = CSVTable.text([])
    #expect(
      text.hasPrefix("problem,name,kernel,batch,")
        && text.hasSuffix(",maxRelativeError,predictedSeconds,chosenKernel,chosenBy,regret,status\r\n"))
    #expect(text.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
  }

  @Test func everyFieldIsTheJSONs() throws {
    var synthetic = SyntheticReport()
    synthetic.problems.append("mb2ic4ih6oc8kh3ph1n\"a, \"")
    synthetic.refusals = ["cholmod": "declined: it is \"Monday\",\nas ever"]
    let report = try synthetic.report()
    let records = try CSVRecords(CSVTable.text(report.results))
    let json = try JSONResults(ReportOutput(.json, path: "").contents(report))
    #expect(json.isEqual(to: records))
    #expect(json.results.count == 4 * 4 * 3)
  }
}

/// What a reader of RFC 4180 sees.
struct CSVRecords {
  let header: [String]
  let rows: [[String]]

  struct Fault: Error {}

  init(_ text: String) throws {
    var records: [[String]] = [[""]]
    var isQuoted = false
    var bytes = Array(text.utf8)[...]
    var field: [UInt8] = []
    func endField() {
      records[records.count - 1][records[records.count - 1].count - 1] = String(decoding: field, as: UTF8.self)
      field = []
    }
    while let byte = bytes.popFirst() {
      switch (byte, isQuoted) {
      case (UInt8(ascii: "\""), true) where bytes.first == UInt8(ascii: "\""): field.append(bytes.removeFirst())
      case (UInt8(ascii: "\""), _): isQuoted.toggle()
      case (UInt8(ascii: ","), false):
        endField()
        records[records.count - 1].append("")
      case (UInt8(ascii: "\r"), false):
        guard bytes.popFirst() == UInt8(ascii: "\n") else { throw Fault() }
        endField()
        records.append([""])
      case (UInt8(ascii: "\n"), false): throw Fault()
      default: field.append(byte)
      }
    }
    guard !isQuoted, records.removeLast() == [""], !records.isEmpty else { throw Fault() }
    header = records.removeFirst()
    rows = records
  }
}
