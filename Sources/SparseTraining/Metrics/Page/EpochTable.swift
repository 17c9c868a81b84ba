import HTMLReport

/// All numbers of all epochs.
struct EpochTable {
  let records: [TrainingRecord]

  private static let header = [
    "record", "epoch", "step", "learning rate", "train loss", "train accuracy", "test loss", "test accuracy",
    "sparsity",
    "images/s", "training time",
  ]

  var markup: Markup {
    let blocks = records.map { record in MarkupTable.Block(heading: record.name, rows: record.epochs.map(cells)) }
      .filter { !$0.rows.isEmpty }
    let table = MarkupTable(caption: "Epochs", header: Self.header, blocks: blocks)
    return .section(
      "epochs", title: "All epochs", [blocks.isEmpty ? .paragraph("No epoch was trained.") : table.markup])
  }

  private func cells(_ epoch: EpochMetrics) -> [String] {
    [
      "\(epoch.epoch)", "\(epoch.step)", MetricText.learningRate(epoch.learningRate), MetricText.loss(epoch.trainLoss),
      MetricText.accuracy(epoch.trainAccuracy), MetricText.loss(epoch.testLoss),
      MetricText.accuracy(epoch.testAccuracy), MetricText.sparsity(epoch.sparsity),
      MetricText.rate(epoch.imagesPerSecond), MetricText.seconds(epoch.seconds),
    ]
  }
}
