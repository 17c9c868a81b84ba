/// What a measured plan is remembered under, besides the machine: one line of text.
struct PlanKey: Hashable, Sendable {
  let text: String

  /// - Parameter kernelNames: the candidates; with another list, such as one that a new kernel has joined, a plan is made anew.
  init(
    _ problem: ConvProblem, statistics: PatternStatistics, pass: ConvPass, threadCount: Int, kernelNames: [String]
  ) {
    var problem = problem
    problem.name = ""
    let fields = [
      problem.benchdnn, pass.rawValue, "threads:\(threadCount)", "nnz:\(statistics.nnz)",
      "empty:\(statistics.emptyRowCount)", "longest:\(statistics.longestRow)",
      "rows:\(StableHash.text(statistics.digest))", "of:\(kernelNames.joined(separator: ","))",
    ]
    text = fields.joined(separator: " ")
  }

  init(text: String) { self.text = text }
}
