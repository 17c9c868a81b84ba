import BenchmarkReport
import HTMLReport
import SparseKernels
import Testing

@testable import TrainingBench

@Suite struct SummaryTests {
  /// A result whose median step takes so many seconds, a tenth of it repacking, three tenths forward.
  private func result(
    _ problem: String, _ side: LayerSide, _ kernel: String, sparsity: Double, seconds: Double
  ) throws -> LayerResult {
    let samples = [0.5, 1, 4].map { factor in
      let part = seconds * factor / 10
      return StepSample(repack: part, forward: 3 * part, gradients: 6 * part)
    }
    return LayerResult(
      problem: try ConvProblem(benchdnn: problem), threads: 1, side: side, kernel: kernel, sparsity: sparsity, nnz: 1,
      status: "ok", errors: [:], timing: StepTiming(samples))
  }

  private func layer(_ problem: String, sparse seconds: Double) throws -> [LayerResult] {
    var results = [
      try result(problem, .dense, "slow", sparsity: 0, seconds: 8),
      try result(problem, .dense, "fast", sparsity: 0, seconds: 4),
      try result(problem, .sparse, "direct", sparsity: 0.9, seconds: seconds),
    ]
    LayerResult.compareWithFastestDense(&results)
    return results
  }

  @Test func theFastestDenseStepIsTheBaseline() throws {
    let results = try layer("ic4ih6oc4kh3ph1", sparse: 2)
    #expect(results.map { $0.timing?.baseline } == ["fast", "fast", "fast"])
    #expect(results.map { $0.timing?.speedup } == [0.5, 1, 2])
    #expect(abs((results[2].timing?.phaseSpeedups[.gradients] ?? 0) - 2) < 1e-12)
    #expect(results[2].timing?.step.medianAbsoluteDeviation == 1)
  }

  @Test func layersAreAveragedInTheirGroup() throws {
    let results =
      try layer("ic4ih6oc4kh3ph1", sparse: 2) + layer("ic8ih6oc4kh3ph1", sparse: 0.5)
      + layer("ic4ih6oc4kh1sh2", sparse: 8)
    let rows = LayerSummary(results, sparsities: [0.5, 0.9]).rows
    #expect(rows.map(\.group).uniqued == ["3x3 stride 1", "1x1 stride 2"])
    let means = rows.filter { $0.part == "step" }.map { $0.speedups }
    #expect(means[0][0] == nil && abs((means[0][1] ?? 0) - 4) < 1e-12, "of 2 and 8")
    #expect(abs((means[1][1] ?? 0) - 0.5) < 1e-12)
    #expect(rows.first { $0.part == "step, slowest layer" }?.speedups == [nil, 2])
  }

  @Test func aProfileAddsUpToItsSteps() {
    let profile = StepProfile()
    for _ in 0..<2 {
      profile.record(operation: "SparseConv2d mb1ic4", phase: .forward, seconds: 1)
      profile.record(operation: "SparseConv2d mb1ic4", phase: .weightGradient, seconds: 2)
      profile.record(operation: "SparseConv2d mb1ic4", phase: .inputGradient, seconds: 3)
      profile.record(operation: "SparseConv2d mb1ic4", phase: .backward, seconds: 6)
      profile.add(NetworkSample(forward: 2, backward: 7, update: 1))
    }
    let entries = profile.entries
    #expect(entries.map(\.kind) == ["SparseConv2d", "optimizer", "repacking and the rest"])
    #expect(entries[0].forward == 1 && entries[0].inputGradient == 3 && entries[0].weightGradient == 2)
    #expect(entries[0].otherBackward == 1 && entries[1].update == 1 && entries[2].other == 2)
    #expect(entries.reduce(0) { $0 + $1.seconds } == 10)
  }
}
