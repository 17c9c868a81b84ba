import HTMLReport

/// Where the time went, of the records that were profiled.
struct ProfileSection {
  private let profiles: [(name: String, rows: [ProfileRow])]

  init(records: [TrainingRecord]) {
    profiles = records.compactMap { record in
      record.profile.flatMap { $0.isEmpty ? nil : (record.name, $0) }
    }
  }

  var isEmpty: Bool { profiles.isEmpty }

  var markup: Markup {
    let blocks = profiles.map { name, rows in
      let total = rows.reduce(0) { $0 + $1.seconds }
      return MarkupTable.Block(
        heading: name,
        rows: rows.map { row in
          ["\(row.operation), \(row.phase.words)"] + OperationProfile.numbers(row.callCount, row.seconds, total)
        })
    }
    return .section(
      "profile", title: "Profile",
      [
        .paragraph("Seconds of each operation and phase. What is between operations is in none of them."),
        MarkupTable(
          caption: "Operations and phases", header: ["record", "operation", "calls", "seconds", "share"], blocks: blocks
        ).markup,
      ])
  }
}
