import Foundation
import SparseBench
import SparseKernels
import TensorCore
import TestSupport
import Testing

/// `auto` as the benchmark shows it.
@Suite struct AutoKernelTests {
  private let folder: TemporaryFolder
  private let small = "mb1ic16ih14oc16kh3ph1n\"small\""

  init() throws { folder = try TemporaryFolder() }

  /// A cache of its own, whose file is named after the libraries, also after OpenBLAS's kernels: those of this process.
  private var environment: [String: String] {
    ["SPARSENN_PLAN_CACHE": folder.file("cache"), OpenBLAS.coreVariable: OpenBLAS.coreName]
  }

  private func run(_ arguments: [String]) throws -> BuiltCommand.Outcome {
    let command = BuiltCommand(
      ["--problem", small, "--sparsity", "0.9", "--seconds-per-case", "0.002"] + arguments, environment: environment)
    try command.start()
    return try command.finish()
  }

  @Test func explainTellsEachCandidateOfEachLayer() throws {
    let outcome = try run(["--kernels", "auto,dense,direct", "--plan", "model", "--explain"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("small at 90 %, forward, 1 thread: "), "\(outcome.output)")
    let lines = outcome.output.split(separator: "\n")
    for kernel in ConvKernelList.candidates {
      #expect(lines.contains { $0.contains(" \(kernel.name) ") && $0.contains("predicted ") }, "\(kernel.name)")
    }
    #expect(outcome.output.contains("auto at 90 %: "))
    #expect(!FileManager.default.fileExists(atPath: folder.file("cache")))
  }

  @Test func aMeasuredPlanIsTakenFromTheCacheByTheNextRun() throws {
    let first = try run(["--kernels", "auto", "--plan", "measured", "--explain"])
    #expect(first.output.contains(", by measurement") && first.output.contains(", measured "), "\(first.output)")
    let second = try run(["--kernels", "auto", "--explain", "--threads", "1"])
    #expect(second.output.contains(", by an earlier measurement"), "\(second.output)")
    let other = try run(["--kernels", "auto", "--explain", "--threads", "2"])
    #expect(other.output.contains("2 threads") && other.output.contains(", by the cost model"), "\(other.output)")
  }

  @Test func processesThatPlanAtOnceKeepAllPlans() throws {
    let commands = (1...3).map { threads in
      BuiltCommand(
        ["--problem", small, "--kernels", "auto", "--plan", "measured", "--threads", "\(threads)", "--quiet"],
        environment: environment)
    }
    for command in commands { try command.start() }
    for command in commands {
      let outcome = try command.finish()
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    }
    let cache = PlanCache(folder: folder.file("cache"))
    let text = String(decoding: try contents(of: cache.path), as: UTF8.self)
    // Five sparsities each.
    #expect(text.contains("\nend 15 "), "\(text)")
  }

  @Test func aDamagedCacheIsAWarning() throws {
    try FileManager.default.createDirectory(atPath: folder.file("cache"), withIntermediateDirectories: false)
    let cache = PlanCache(folder: folder.file("cache"))
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: cache.path))
    let outcome = try run(["--kernels", "auto", "--quiet"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasPrefix("swift-sparse-nn: warning: \(cache.path): ignored: it is damaged"))
    #expect(outcome.errors.filter(\.isNewline).count == 1)
  }

  @Test func gradientsArePlannedToo() throws {
    let outcome = try run(["--kernels", "auto,dense,direct", "--pass", "weight-gradient", "--explain"])
    #expect(outcome.status == 0 && outcome.output.contains("small at 90 %, weight-gradient, 1 thread: "))
  }

  @Test func theReportHasChoiceAndRegret() throws {
    let path = folder.file("report.json")
    let outcome = try run(["--kernels", "dense,direct,auto", "--plan", "model", "--json", path])
    #expect(outcome.status == 0)
    let json = try JSONSerialization.jsonObject(with: contents(of: path))
    let results = try #require((json as? [String: Any])?["results"] as? [[String: Any]])
    let (dense, auto) = (results[0], results[2])
    #expect(auto["chosenBy"] as? String == "model" && auto["regret"] as? Double ?? -1 >= 0)
    #expect(["direct", "dense", "onednn"].contains(auto["chosenKernel"] as? String))
    #expect(dense["chosenKernel"] is NSNull && dense["regret"] is NSNull)
    #expect((dense["costTerms"] as? [String: Double])?["product"] ?? 0 > 0)
    #expect((auto["costTerms"] as? [String: Double])?.isEmpty == true)
    #expect(auto["predictedSeconds"] as? Double ?? 0 > 0)
  }

  @Test func theRegretOfARunLeavesShortCasesOut() throws {
    let problem = try ConvProblem(benchdnn: small)
    var generator = SeededGenerator(seed: 1)
    let weights = try ConvWeights.random(for: problem, sparsity: 0.9, using: &generator)
    let plan = try ConvPlanner(cache: nil).plan(problem, pattern: weights.matrix.pattern, mode: .model)
    func result(_ regret: Double?, fastest: Double?) -> BenchResult {
      BenchResult(
        kernel: "auto", problem: problem, threads: 1, pass: .forward, sparsity: 0.9, weights: weights, status: "ok",
        timing: nil, maxRelativeError: nil,
        planned: BenchResult.Planned(plan: plan, regret: regret, fastestSeconds: fastest))
    }
    let summary = RegretSummary([
      result(0.3, fastest: 1e-3), result(0, fastest: 1e-3), result(5, fastest: 49e-6), result(nil, fastest: nil),
    ])
    #expect(summary?.caseCount == 2 && summary?.average == 0.15 && summary?.worst == 0.3)
    #expect(summary?.worstPlace == "small at 90 %: \(plan.choice)")
    #expect(RegretSummary([result(nil, fastest: nil)]) == nil)
  }
}
