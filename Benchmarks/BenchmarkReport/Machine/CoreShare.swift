import Foundation

/// How much of a core this process has for itself.
package enum CoreShare {
  /// Runs work of one thread and tells which share of the time passed the process was on a core: about 1 on a quiet
  /// machine. Where other programs want the cores too, long calls are interrupted and short ones are not, and ratios lie.
  package static func during<Result>(_ work: () -> Result) -> (result: Result, share: Double) {
    let clock = ContinuousClock()
    let start = (clock.now, processorSeconds())
    let result = work()
    let passed = (clock.now - start.0) / .seconds(1)
    return (result, passed > 0 ? (processorSeconds() - start.1) / passed : 1)
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
