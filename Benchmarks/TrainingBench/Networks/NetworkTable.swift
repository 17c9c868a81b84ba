import BenchmarkReport
import HTMLReport

/// The results of one network as a table.
struct NetworkTable {
  let results: [NetworkResult]

  private static let header = [
    "weights", "sparsity", "parameters", "step ms", "+- ms", "samples", "forward ms", "backward ms", "update ms",
    "images/s", "vs dense", "vs best dense", "memory KiB",
  ]

  /// The table with the network above it and what a row does not say below.
  var text: String {
    guard let first = results.first else { return "" }
    var table = TextTable(header: Self.header, leftAlignedCount: 1)
    for result in results { table.append(Self.cells(of: result)) }
    let notes = results.filter { $0.timing == nil }.map {
      "  \($0.form.rawValue) at \(NumberText.percent($0.sparsity)): \($0.status)"
    }
    let shape = first.network.imageShape.map(String.init).joined(separator: "x")
    let title =
      "\(first.network.rawValue), \(first.batch) images of \(shape), \(first.optimizer.rawValue), "
      + NumberText.count(first.threads, "thread")
    return ([title, table.text] + notes).joined(separator: "\n")
  }

  private static func cells(of result: NetworkResult) -> [String] {
    let names = [result.form.rawValue, NumberText.percent(result.sparsity), "\(result.parameterCount)"]
    guard let timing = result.timing, let memory = result.memory else {
      return names + Array(repeating: "-", count: header.count - names.count)
    }
    func ratio(_ value: Double?) -> String { value.map { NumberText.ratio($0) } ?? "-" }
    return names + [
      NumberText.milliseconds(timing.step.median), NumberText.milliseconds(timing.step.medianAbsoluteDeviation),
      "\(timing.samples.count)", NumberText.milliseconds(timing.forward.median),
      NumberText.milliseconds(timing.backward.median), NumberText.milliseconds(timing.update.median),
      NumberText.rate(result.imagesPerSecond ?? 0), ratio(timing.speedupOverDense), ratio(timing.speedupOverBestDense),
      NumberText.kibibytes(memory.total),
    ]
  }
}

/// Where the time of each variant's step goes.
struct ProfileTable {
  let results: [NetworkResult]

  private static let header = [
    "weights", "sparsity", "operation", "forward ms", "input grad. ms", "weight grad. ms", "other backward ms",
    "other ms", "of the step",
  ]

  /// Empty where nothing was profiled.
  var text: String {
    let profiled = results.filter { !$0.profile.isEmpty }
    if profiled.isEmpty { return "" }
    var table = TextTable(header: Self.header, leftAlignedCount: 3)
    for result in profiled {
      let total = result.profile.reduce(0) { $0 + $1.seconds }
      for (index, entry) in result.profile.enumerated() {
        let parts = [
          entry.forward, entry.inputGradient, entry.weightGradient, entry.otherBackward, entry.update + entry.other,
        ]
        table.append(
          (index == 0 ? [result.form.rawValue, NumberText.percent(result.sparsity)] : ["", ""]) + [entry.kind]
            + parts.map { $0 == 0 ? "-" : NumberText.milliseconds($0) }
            + [NumberText.percent((entry.seconds / total * 1000).rounded() / 1000)])
      }
    }
    return "Where a step's time goes, from \(NetworkRunner.profiledStepCount) more steps each\n" + table.text
  }
}
