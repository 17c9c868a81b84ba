import Foundation
import HTMLReport
import SparseKernels

/// What `auto` lost over all cases against the fastest kernel beside it.
package struct RegretSummary: Equatable, Sendable {
  /// The cases that count.
  package let caseCount: Int
  /// The mean.
  package let average: Double
  /// The largest, and where it was.
  package let worst: Double
  package let worstPlace: String

  /// Cases in which the fastest kernel takes less are left out: there a microsecond, or the clock, decides.
  package static let leastSeconds = 50e-6

  /// Nil where nothing was chosen, or nothing measured beside it.
  package init?(_ results: [BenchResult]) {
    let cases = results.compactMap { result -> (regret: Double, place: String)? in
      guard let planned = result.planned, let regret = planned.regret,
        planned.fastestSeconds ?? 0 >= Self.leastSeconds
      else { return nil }
      let name = result.name.isEmpty ? result.problem : result.name
      return (regret, "\(name) at \(NumberText.percent(result.sparsity)): \(planned.plan.choice)")
    }
    guard let worst = cases.max(by: { $0.regret < $1.regret }) else { return nil }
    caseCount = cases.count
    average = cases.reduce(0) { $0 + $1.regret } / Double(cases.count)
    self.worst = worst.regret
    worstPlace = worst.place
  }

  /// One line.
  package var text: String {
    let (mean, most) = (String(format: "%.1f %%", average * 100), String(format: "%.1f %%", worst * 100))
    let place = worst > 0 ? " (\(worstPlace))" : ""
    return "\(AutoConvKernel.name): regret \(mean) on average, \(most) at worst\(place), over "
      + "\(NumberText.count(caseCount, "case")) of 50 microseconds or more"
  }
}
