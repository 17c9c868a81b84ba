import BenchmarkReport
import HTMLReport

/// The results of one layer as a table.
struct LayerTable {
  let results: [LayerResult]

  private static let header =
    ["side", "sparsity", "kernel", "step ms", "+- ms", "samples"] + StepPhase.allCases.map { "\($0.words) ms" }
    + ["step", "forward", "gradients"]

  /// The table with the problem above it and what a row does not say below.
  var text: String {
    guard let first = results.first else { return "" }
    var table = TextTable(header: Self.header, leftAlignedCount: 3)
    for result in results { table.append(Self.cells(of: result)) }
    let baseline = results.compactMap { $0.timing?.baseline }.first
    let notes = results.filter { $0.timing == nil }.map {
      "\($0.side.rawValue) \($0.kernel) at \(NumberText.percent($0.sparsity)): \($0.status)"
    }
    let ratios =
      baseline.map { ["the last three columns: how many times as fast as \($0), the fastest dense step"] } ?? []
    return (["\(first.problem.title)  [\(first.problem.benchdnn)]", table.text] + (ratios + notes).map { "  " + $0 })
      .joined(separator: "\n")
  }

  private static func cells(of result: LayerResult) -> [String] {
    let names = [result.side.rawValue, NumberText.percent(result.sparsity), result.kernel]
    guard let timing = result.timing else {
      return names + Array(repeating: "-", count: header.count - names.count)
    }
    func ratio(_ phase: StepPhase) -> String { timing.phaseSpeedups[phase].map { NumberText.ratio($0) } ?? "-" }
    let step = timing.speedup.map { ratio in
      NumberText.ratio(ratio, isLevel: timing.isLevel && timing.baseline != result.kernel)
    }
    return names + [
      NumberText.milliseconds(timing.step.median), NumberText.milliseconds(timing.step.medianAbsoluteDeviation),
      "\(timing.samples.count)",
    ] + StepPhase.allCases.map { NumberText.milliseconds(timing.phases[$0]?.median ?? 0) }
      + [step ?? "-", ratio(.forward), ratio(.gradients)]
  }
}
