import Foundation
import TestSupport
import Testing

import SparseBench

@Suite struct CSVTableTests {
  @Test func aRunWithoutResultsHasAHeader() {
    let text = CSVTable.text([BenchResult]())
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
