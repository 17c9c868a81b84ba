import HTMLReport

/// What was chosen, and what it ran on.
struct SettingsSection {
  let records: [TrainingRecord]

  var markup: Markup {
    let settings = records.filter { !$0.settings.isEmpty }.map { record in
      Markup.facts(record.name, record.settings.map { ($0.name, $0.value) }, isText: true)
    }
    return .section(
      "settings", title: "Settings and machine",
      (settings.isEmpty ? [.paragraph("No settings were recorded.")] : [.columns(settings)])
        + [.columns(machines.map { .facts(title(of: $0.records), facts($0.environment), isText: true) })])
  }

  /// Each different environment once; dates do not make one different.
  private var machines: [(environment: TrainingEnvironment, records: [TrainingRecord])] {
    var machines: [(environment: TrainingEnvironment, records: [TrainingRecord])] = []
    for record in records {
      var environment = record.environment
      environment.date = ""
      if let index = machines.firstIndex(where: { $0.environment == environment }) {
        machines[index].records.append(record)
      } else {
        machines.append((environment, [record]))
      }
    }
    return machines.map { machine in
      var machine = machine
      machine.environment.date = machine.records.map(\.environment.date).uniqued.joined(separator: ", ")
      return machine
    }
  }

  private func title(of owners: [TrainingRecord]) -> String {
    owners.count == records.count ? "Machine" : "Machine of " + owners.map(\.name).joined(separator: "; ")
  }

  private func facts(_ environment: TrainingEnvironment) -> [(String, String)] {
    let processor = environment.processor
    let caches = processor.caches.map { "L\($0.level) \($0.kind.lowercased()) \($0.byteCount >> 10) KiB" }
    return [
      ("processor", processor.model), ("instruction set", processor.instructionSet),
      ("hardware threads", "\(processor.threadCount)"),
      ("caches", caches.isEmpty ? "unknown" : caches.joined(separator: ", ")),
      ("threads used", "\(environment.threads)"), ("operating system", environment.operatingSystem),
    ] + environment.libraries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [
      ("revision", environment.revision ?? "unknown"), ("began", environment.date),
    ]
  }
}
