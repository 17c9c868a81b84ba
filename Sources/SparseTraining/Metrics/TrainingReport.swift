/// Trainings that are read side by side: dense and sparse of one network, for example.
///
///     let report = TrainingReport(title: "LeNet-5 on MNIST", records: [dense, sparse])
///     try report.write(.html, to: "report.html")
///     let again = try TrainingReport(contentsOf: "report.json")
public struct TrainingReport: Hashable, Sendable {
  /// What was trained, on what.
  public var title: String
  /// The trainings. The first is the one that the others are compared with.
  public var records: [TrainingRecord]

  /// Creates a report.
  public init(title: String, records: [TrainingRecord]) {
    self.title = title
    self.records = records
  }
}
