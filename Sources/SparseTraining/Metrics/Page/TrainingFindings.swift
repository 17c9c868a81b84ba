import HTMLReport

/// What came of the trainings, in sentences and one table, with the same numbers.
struct TrainingFindings {
  let records: [TrainingRecord]

  init(_ records: [TrainingRecord]) { self.records = records }

  /// A sentence for each record: its accuracy, its speed, and that beside the first record's.
  var sentences: [String] {
    if records.isEmpty { return ["Nothing was trained."] }
    return records.indices.map { index in
      ([accuracy(records[index])] + speed(index)).joined(separator: "; ") + "."
    }
  }

  private func accuracy(_ record: TrainingRecord) -> String {
    guard let last = record.epochs.last else { return "\(record.name): no epoch was trained" }
    let count = NumberText.count(record.epochs.count, "epoch")
    guard let best = record.best else { return "\(record.name): \(count), and no test accuracy is known" }
    let end = "\(record.name): test accuracy \(MetricText.accuracy(last.testAccuracy)) after \(count)"
    return best.epoch == last.epoch
      ? "\(end), which is its best" : "\(end), \(MetricText.accuracy(best.testAccuracy)) at best (epoch \(best.epoch))"
  }

  private func speed(_ index: Int) -> [String] {
    let record = records[index]
    guard let rate = record.imagesPerSecond else { return [] }
    let text = "\(MetricText.rate(rate)) images/s"
    guard index > 0, let ratio = ratio(record) else { return [text] }
    return ["\(text), \(NumberText.times(ratio)) the rate of \(records[0].name)"]
  }

  /// Images per second over those of the first record.
  private func ratio(_ record: TrainingRecord) -> Double? {
    guard let rate = record.imagesPerSecond, let first = records[0].imagesPerSecond else { return nil }
    return rate / first
  }

  /// What a reader must know before believing a number.
  var cautions: [String] {
    let lost = records.compactMap { record -> String? in
      guard let epoch = record.epochs.first(where: { !$0.trainLoss.isFinite || !$0.testLoss.isFinite }) else {
        return nil
      }
      let loss = epoch.trainLoss.isFinite ? ("test", epoch.testLoss) : ("training", epoch.trainLoss)
      return "\(record.name): the \(loss.0) loss was \(MetricText.loss(loss.1)) in epoch \(epoch.epoch); "
        + "what is not finite has no point in the plots."
    }
    let machines = Set(records.map { [$0.environment.processor.model, "\($0.environment.threads)"] })
    let differ =
      "The records were trained on different processors or numbers of threads, so their speeds do not compare."
    return lost + (machines.count > 1 ? [differ] : [])
  }

  /// The same numbers side by side.
  var table: Markup {
    MarkupTable(
      caption: "What it came to",
      header: [
        "", "record", "last test accuracy", "best", "in epoch", "sparsity at the end", "images/s", "vs first",
        "training time", "peak memory",
      ],
      blocks: [MarkupTable.Block(heading: "", rows: records.map(cells))]
    ).markup
  }

  private func cells(_ record: TrainingRecord) -> [String] {
    let last = record.epochs.last
    let accuracy = [last, record.best].map { epoch in epoch.map { MetricText.accuracy($0.testAccuracy) } ?? "-" }
    let bestEpoch = record.best.map { "\($0.epoch)" } ?? "-"
    let sparsity = last.map { MetricText.sparsity($0.sparsity) } ?? "-"
    let rate = record.imagesPerSecond.map(MetricText.rate) ?? "-"
    let ratio = ratio(record).map { NumberText.ratio($0) } ?? "-"
    let memory = record.peakMemoryByteCount.map(MetricText.mebibytes) ?? "-"
    return [record.name] + accuracy + [
      bestEpoch, sparsity, rate, ratio, MetricText.duration(record.seconds) ?? "-", memory,
    ]
  }
}
