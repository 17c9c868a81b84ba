import Foundation
import Synchronization
import TensorCore
import TestSupport
import Testing

@testable import SparseKernels

/// Measured plans on disk: found again, shared, and never a reason to fail.
@Suite struct PlanCacheTests {
  private let folder: TemporaryFolder
  private let machine = "test machine, 2 threads"

  init() throws { folder = try TemporaryFolder() }

  /// What a cache warns of.
  private final class Warnings: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    func add(_ text: String) { texts.withLock { $0.append(text) } }
  }

  private func cache(_ warnings: Warnings = Warnings(), folder: String? = nil, machine: String? = nil) -> PlanCache {
    PlanCache(folder: folder ?? self.folder.path, machine: machine ?? self.machine) { warnings.add($0) }
  }

  private func key(_ number: Int) -> PlanKey { PlanKey(text: "layer \(number)") }

  @Test func anotherProcessFindsWhatWasStored() {
    cache().store(["direct": 1.25e-4, "dense": 3e-4], for: key(1))
    cache().store(["direct": 2e-4], for: key(2))
    let warnings = Warnings()
    let second = cache(warnings)
    #expect(second.medians(for: key(1)) == ["direct": 1.25e-4, "dense": 3e-4])
    #expect(second.medians(for: key(2)) == ["direct": 2e-4])
    #expect(second.medians(for: key(3)) == nil)
    #expect(warnings.all.isEmpty)
  }

  @Test func nothingIsWrittenBeforeAPlanIsStored() throws {
    #expect(cache().medians(for: key(1)) == nil)
    #expect(try folder.names.isEmpty)
  }

  @Test func storingKeepsWhatOthersStoredMeanwhile() {
    let (first, second) = (cache(), cache())
    #expect(first.medians(for: key(1)) == nil && second.medians(for: key(1)) == nil)
    first.store(["direct": 1], for: key(1))
    second.store(["direct": 2], for: key(2))
    #expect(cache().medians(for: key(1)) == ["direct": 1] && cache().medians(for: key(2)) == ["direct": 2])
  }

  @Test func manyWritersAtOnceLeaveAWholeFileWithAllPlans() throws {
    let warnings = Warnings()
    let (writers, plans) = (4, 25)
    let caches = (0..<writers).map { _ in cache(warnings) }
    DispatchQueue.concurrentPerform(iterations: writers) { writer in
      for plan in 0..<plans {
        caches[writer].store(["direct": Double(plan + 1)], for: PlanKey(text: "layer \(writer * plans + plan)"))
      }
    }
    let last = cache(warnings)
    for number in 0..<writers * plans {
      #expect(last.medians(for: key(number)) == ["direct": Double(number % plans + 1)], "plan \(number)")
    }
    #expect(warnings.all.isEmpty)
    // The file and its lock: no temporary one is left.
    #expect(try folder.names.count == 2)
  }

  @Test func aDamagedFileIsIgnoredWithAWarningAndReplaced() throws {
    cache().store(["direct": 1], for: key(1))
    let path = cache().path
    let whole = try contents(of: path)
    let changed = String(decoding: whole, as: UTF8.self).replacingOccurrences(of: "direct=1.0", with: "direct=9.0")
    let damaged = [
      Data(), Data("anything".utf8), Data([0xFF, 0xFE, 0]), whole.dropLast(), whole.dropLast(20), whole + whole,
      Data(changed.utf8), Data("swift-sparse-nn plans 0\nmachine x\nend 0 0\n".utf8),
    ]
    for (index, data) in damaged.enumerated() {
      try data.write(to: URL(fileURLWithPath: path))
      let warnings = Warnings()
      let cache = cache(warnings)
      #expect(cache.medians(for: key(1)) == nil, "\(index)")
      #expect(cache.medians(for: key(1)) == nil)
      #expect(warnings.all.count == 1 && warnings.all[0].hasPrefix("\(path): ignored: it is damaged"), "\(index)")
      cache.store(["direct": 3], for: key(2))
      #expect(self.cache().medians(for: key(2)) == ["direct": 3], "\(index)")
    }
  }

  /// Every byte of a file matters: none can be changed without being seen.
  @Test func everyChangedByteIsSeen() throws {
    let text = PlanCacheFile(entries: [key(1): ["direct": 1.5e-4]]).text(machine: machine)
    for index in text.utf8.indices {
      var bytes = Array(text.utf8)
      bytes[text.utf8.distance(from: text.utf8.startIndex, to: index)] ^= 1
      #expect(throws: PlanCacheFile.Fault.self) {
        try PlanCacheFile(text: String(decoding: bytes, as: UTF8.self), machine: machine)
      }
    }
    #expect(try PlanCacheFile(text: text, machine: machine).entries == [key(1): ["direct": 1.5e-4]])
  }

  @Test func aFileOfAnotherMachineIsIgnoredWithAWarning() throws {
    let other = PlanCacheFile(entries: [key(1): ["direct": 1]]).text(machine: "elsewhere")
    let warnings = Warnings()
    let cache = cache(warnings)
    try Data(other.utf8).write(to: URL(fileURLWithPath: cache.path))
    #expect(cache.medians(for: key(1)) == nil)
    #expect(warnings.all == ["\(cache.path): ignored: it is of another machine or of other libraries: elsewhere"])
  }

  @Test func machinesHaveFilesOfTheirOwn() {
    cache(machine: "a").store(["direct": 1], for: key(1))
    #expect(cache(machine: "b").medians(for: key(1)) == nil)
    #expect(cache(machine: "a").medians(for: key(1)) == ["direct": 1])
  }

  @Test func aNewerFileIsIgnoredWithAWarningAndLeftAlone() throws {
    let newer = Data("swift-sparse-nn plans 2\nwho knows\n".utf8)
    let warnings = Warnings()
    let cache = cache(warnings)
    try newer.write(to: URL(fileURLWithPath: cache.path))
    #expect(cache.medians(for: key(1)) == nil)
    cache.store(["direct": 1], for: key(1))
    #expect(cache.medians(for: key(1)) == ["direct": 1])
    #expect(try contents(of: cache.path) == newer)
    #expect(warnings.all == ["\(cache.path): ignored: it has version 2, expected 1"])
  }

  @Test func whereNothingCanBeWrittenPlansLastAsLongAsTheProcess() throws {
    // A file where the folder should be: not even root can write there.
    let place = try folder.file("file", holding: Data())
    let warnings = Warnings()
    let cache = cache(warnings, folder: place + "/cache")
    cache.store(["direct": 1], for: key(1))
    cache.store(["direct": 2], for: key(2))
    #expect(cache.medians(for: key(1)) == ["direct": 1] && cache.medians(for: key(2)) == ["direct": 2])
    #expect(warnings.all.count == 1 && warnings.all[0].contains("plans are kept for this process only"))
  }

  @Test func theFolderIsWhatTheEnvironmentSays() {
    let home = ["HOME": "/home/a"]
    func folder(_ more: [String: String]) -> String? { PlanCache.standardFolder(home.merging(more) { $1 }) }
    #expect(folder([:]) == "/home/a/.cache/swift-sparse-nn")
    #expect(folder(["XDG_CACHE_HOME": "/caches"]) == "/caches/swift-sparse-nn")
    // As the specification has it, a relative path is ignored.
    #expect(folder(["XDG_CACHE_HOME": "caches"]) == "/home/a/.cache/swift-sparse-nn")
    #expect(folder(["XDG_CACHE_HOME": "/caches", "SPARSENN_PLAN_CACHE": "/mine"]) == "/mine")
    #expect(folder(["SPARSENN_PLAN_CACHE": "off"]) == nil && folder(["SPARSENN_PLAN_CACHE": ""]) == nil)
    #expect(PlanCache.standardFolder([:]) == nil)
  }

  // MARK: - With the planner

  @Test func aMeasuredPlanIsFoundAgainAndWinsOverTheModel() throws {
    let problem = try ConvProblem(benchdnn: "mb1ic8ih6oc8kh3ph1")
    var generator = SeededGenerator(seed: 3)
    func pattern(_ sparsity: Double) throws -> SparsityPattern {
      try ConvWeights.random(for: problem, sparsity: sparsity, using: &generator).matrix.pattern
    }
    let half = try pattern(0.5)
    let kernels = [
      FakeKernel(name: "praised", predicted: 1e-3, delay: 1e-3), FakeKernel(name: "modest", predicted: 2e-3),
    ]
    func planner(_ kernels: [FakeKernel], threadCount: Int = 1) -> ConvPlanner {
      ConvPlanner(candidates: kernels, threadCount: threadCount, cache: cache(), rates: roundRates)
    }
    let measured = try planner(kernels).plan(problem, pattern: half, mode: .measured)
    #expect(measured.choice == "modest" && measured.origin == .measured)
    for mode in [PlanMode.auto, .measured] {
      let again = try planner(kernels).plan(problem, pattern: half, mode: mode)
      #expect(again.choice == "modest" && again.origin == .cache)
      #expect(again.candidates.map(\.measuredSeconds) == measured.candidates.map(\.measuredSeconds))
    }
    var named = problem
    named.name = "another name"
    #expect(try planner(kernels).plan(named, pattern: half).origin == .cache)
    // Another question is not answered by it.
    #expect(try planner(kernels).plan(problem, pattern: half, mode: .model).choice == "praised")
    #expect(try planner(kernels).plan(problem, pattern: try pattern(0.8)).origin == .model)
    #expect(try planner(kernels).plan(problem, pattern: half, pass: .inputGradient).origin == .model)
    #expect(try planner(kernels, threadCount: 2).plan(problem, pattern: half).origin == .model)
    #expect(try planner(kernels + [FakeKernel(name: "new")]).plan(problem, pattern: half).origin == .model)
  }

  @Test func patternsOfLikeRowsShareAPlan() throws {
    func statistics(_ counts: [Int]) throws -> PatternStatistics {
      let offsets = counts.reduce(into: [Int32(0)]) { $0.append($0[$0.count - 1] + Int32($1)) }
      let columns = counts.flatMap { (0..<$0).map { Int32($0) } }
      return PatternStatistics(
        try SparsityPattern(rows: counts.count, columns: 64, rowOffsets: offsets, columnIndices: columns))
    }
    #expect(try statistics([1, 30, 0]) == statistics([30, 0, 1]))
    #expect(try statistics([1, 30, 0]) != statistics([1, 29, 0]))
    #expect(try statistics([16, 16, 30]).digest != statistics([2, 30, 30]).digest)
    let one = try statistics([1, 30, 0])
    #expect((one.rows, one.columns, one.nnz) == (3, 64, 31) && (one.emptyRowCount, one.longestRow) == (1, 30))
  }

  @Test func thisMachineIsOneLine() {
    #expect(PlanCache.currentMachine.contains("OpenBLAS"))
    #expect(!PlanCache.currentMachine.contains { $0.isNewline || $0 == "\t" })
  }
}
