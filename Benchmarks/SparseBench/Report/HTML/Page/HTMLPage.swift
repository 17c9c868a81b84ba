import HTMLReport

/// The report as one page that needs nothing else: no script, no font, no address.
package struct HTMLPage {
  private let report: BenchReport

  package init(_ report: BenchReport) {
    self.report = report
  }

  package var text: String { Page.document(title: Self.title, contents) }

  private static let title = "What zeros are worth: a sparse-bench report"

  private var contents: [Markup] {
    [
      .element("h1", contents: [Markup(Self.title)]),
      .paragraph("\(report.environment.processor.model), \(report.environment.date)", style: "quiet"),
    ] + findings + [
      .contents(["machine": "The machine", "plots": "Plots", "tables": "All results"]),
      MachineSection(environment: report.environment, ceilings: report.ceilings).markup,
      PlotSection(report: report).markup,
      TableSection(report: report).markup,
      footer,
    ]
  }

  private var findings: [Markup] {
    let findings = Findings(report)
    let lead = [findings.subject, findings.result].filter { !$0.isEmpty }.joined(separator: " ")
    let best = findings.bestOfGroups
    return [.paragraph(Page.prose(lead), style: "lead")]
      + findings.cautions.map { .paragraph(Page.prose($0), style: "caution") }
      + (best.isEmpty ? [] : [.paragraph("The best kernel of each group:"), .list(best.map(Page.prose))])
      + (report.summary.isEmpty ? [] : [summaryTable])
  }

  private var summaryTable: Markup {
    let summary = report.summary
    let blocks = summary.rows.map(\.group).uniqued.map { group in
      MarkupTable.Block(
        heading: group,
        rows: summary.rows.filter { $0.group == group }.map { [$0.kernel] + summary.numbers(of: $0) })
    }
    return MarkupTable(caption: summary.title, header: summary.header, blocks: blocks).markup
  }

  private var footer: Markup {
    .element(
      "footer",
      contents: [
        .paragraph(
          """
          Made by sparse-bench of swift-sparse-nn (Apache-2.0). How it measures, and what its numbers mean: \
          docs/benchmark-method.md in its repository. The samples behind each number are in the JSON of --json.
          """)
      ])
  }
}
