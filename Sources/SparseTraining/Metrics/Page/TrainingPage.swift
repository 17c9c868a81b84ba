import HTMLReport

/// A report of training as one page that needs nothing else.
struct TrainingPage {
  let report: TrainingReport

  init(_ report: TrainingReport) { self.report = report }

  var text: String {
    let profile = ProfileSection(records: report.records)
    let start: [Markup] = [
      .element("h1", contents: [Markup(report.title)]),
      .paragraph(Markup(subtitle), style: "quiet"),
    ]
    let links: Markup =
      profile.isEmpty
      ? .contents(["plots": "Plots", "epochs": "All epochs", "settings": "Settings and machine"])
      : .contents(["plots": "Plots", "epochs": "All epochs", "profile": "Profile", "settings": "Settings and machine"])
    let sections = [
      EpochPlots(records: report.records).markup, EpochTable(records: report.records).markup,
    ]
    return Page.document(
      title: report.title,
      start + findings + [links] + sections + (profile.isEmpty ? [] : [profile.markup])
        + [SettingsSection(records: report.records).markup, footer])
  }

  private var subtitle: String {
    guard let environment = report.records.first?.environment else { return "No record" }
    return "\(environment.processor.model), \(NumberText.count(environment.threads, "thread")), \(environment.date)"
  }

  private var findings: [Markup] {
    let findings = TrainingFindings(report.records)
    // One paragraph for what is compared; of more records each needs a line to be found.
    let sentences = findings.sentences
    let lead =
      sentences.count > 2
      ? Markup.list(sentences.map(Page.prose))
      : .paragraph(Page.prose(sentences.joined(separator: " ")), style: "lead")
    return [lead] + findings.cautions.map { .paragraph(Page.prose($0), style: "caution") }
      + (report.records.isEmpty ? [] : [findings.table])
  }

  private var footer: Markup {
    .element(
      "footer",
      contents: [
        .paragraph(
          """
          Made by swift-sparse-nn (Apache-2.0). Training losses and accuracies are means over an epoch, as its images were \
          met, while the network still changed; test ones are of the network at the epoch's end. Images per second and \
          seconds are of training without evaluation.
          """)
      ])
  }
}
