import HTMLReport

extension TrainingReport {
  /// One column: its title, and what it says of an epoch. Numbers are unrounded.
  private struct Column {
    let title: String
    let text: (EpochMetrics) -> String

    init(_ title: String, _ value: @escaping (EpochMetrics) -> Double) {
      self.title = title
      text = { "\(value($0))" }
    }

    init(_ title: String, integer value: @escaping (EpochMetrics) -> Int) {
      self.title = title
      text = { "\(value($0))" }
    }
  }

  private static var columns: [Column] {
    [
      Column("epoch", integer: \.epoch), Column("step", integer: \.step), Column("learningRate", \.learningRate),
      Column("trainLoss", \.trainLoss), Column("trainAccuracy", \.trainAccuracy), Column("testLoss", \.testLoss),
      Column("testAccuracy", \.testAccuracy), Column("sparsity", \.sparsity),
      Column("imagesPerSecond", \.imagesPerSecond), Column("seconds", \.seconds),
    ]
  }

  /// A header, and a line for each epoch of each record, its name first.
  var csv: String {
    let columns = Self.columns
    let rows = records.flatMap { record in
      record.epochs.map { epoch in [record.name] + columns.map { $0.text(epoch) } }
    }
    return CSVText.lines([["record"] + columns.map(\.title)] + rows)
  }
}
