import Foundation
import HTMLReport
import NeuralLayers

/// Where the time of training goes: seconds and calls of each operation and phase.
///
///     let profile = OperationProfile()
///     tape.profiler = profile
///     ...                               // steps; the loop calls recordOptimizer(seconds:) itself
///     print(profile.table)
///
/// Operations of one name are one row. It serves one thread, as the tape does that tells it.
public final class OperationProfile: TapeProfiler {
  private struct Key: Hashable {
    let operation: String
    let phase: ProfileRow.Phase
  }

  private var sums: [Key: (callCount: Int, seconds: Double)] = [:]
  /// Seconds of gradients that the backward pass to be reported next has within it.
  private var gradientSeconds = 0.0

  /// An empty profile.
  public init() {}

  /// Takes note of one operation; of a backward pass only what its gradients leave.
  public func record(operation: String, phase: TapePhase, seconds: Double) {
    switch phase {
    case .forward: add(operation, .forward, seconds)
    case .inputGradient:
      add(operation, .inputGradient, seconds)
      gradientSeconds += seconds
    case .weightGradient:
      add(operation, .weightGradient, seconds)
      gradientSeconds += seconds
    case .backward:
      // Two readings of a clock may make the parts a little longer than the whole.
      add(operation, .otherBackward, max(0, seconds - gradientSeconds))
      gradientSeconds = 0
    }
  }

  /// Takes note of one update of the parameters.
  ///
  /// - Parameter name: what the row is called.
  public func recordOptimizer(_ name: String = "parameters", seconds: Double) { add(name, .optimizer, seconds) }

  /// Forgets everything, as after steps that only warm up.
  public func reset() {
    sums.removeAll()
    gradientSeconds = 0
  }

  /// All rows, the longest first.
  public var rows: [ProfileRow] {
    sums.map { key, sum in
      ProfileRow(operation: key.operation, phase: key.phase, callCount: sum.callCount, seconds: sum.seconds)
    }.sorted(by: Self.isBefore)
  }

  /// The rows with their shares and the total, and the phases with theirs, for a terminal.
  public var table: String { Self.table(rows) }

  /// The same of rows that were kept.
  static func table(_ rows: [ProfileRow]) -> String {
    if rows.isEmpty { return "No operation was profiled." }
    let total = rows.reduce(0) { $0 + $1.seconds }
    var operations = TextTable(header: ["operation", "phase", "calls", "seconds", "share"], leftAlignedCount: 2)
    for row in rows {
      operations.append([row.operation, row.phase.words] + numbers(row.callCount, row.seconds, total))
    }
    operations.append(["total", ""] + numbers(rows.reduce(0) { $0 + $1.callCount }, total, total))
    var phases = TextTable(header: ["phase", "calls", "seconds", "share"], leftAlignedCount: 1)
    for phase in phaseSums(rows) { phases.append([phase.phase.words] + numbers(phase.callCount, phase.seconds, total)) }
    return operations.text + "\n\n" + phases.text
  }

  /// Calls, seconds and the share of the total.
  static func numbers(_ callCount: Int, _ seconds: Double, _ total: Double) -> [String] {
    let share = total > 0 && total.isFinite ? String(format: "%.1f %%", seconds / total * 100) : "-"
    return ["\(callCount)", String(format: "%.3f", seconds), share]
  }

  /// One row for each phase that took part, the longest first.
  private static func phaseSums(_ rows: [ProfileRow]) -> [ProfileRow] {
    ProfileRow.Phase.allCases.compactMap { phase in
      let parts = rows.filter { $0.phase == phase }
      if parts.isEmpty { return nil }
      return ProfileRow(
        operation: "", phase: phase, callCount: parts.reduce(0) { $0 + $1.callCount },
        seconds: parts.reduce(0) { $0 + $1.seconds })
    }.sorted(by: isBefore)
  }

  /// The longest first; names decide between equals, so that a table is the same each time.
  private static func isBefore(_ left: ProfileRow, _ right: ProfileRow) -> Bool {
    (right.seconds, left.operation, left.phase.rawValue) < (left.seconds, right.operation, right.phase.rawValue)
  }

  private func add(_ operation: String, _ phase: ProfileRow.Phase, _ seconds: Double) {
    let sum = sums[Key(operation: operation, phase: phase), default: (0, 0)]
    sums[Key(operation: operation, phase: phase)] = (sum.callCount + 1, sum.seconds + seconds)
  }
}
