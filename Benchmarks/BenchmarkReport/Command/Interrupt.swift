import Dispatch
import Foundation
import Synchronization

/// Ctrl-C as a request: the first asks the run to end with what it has, the second ends the process.
package final class Interrupt {
  private final class Flag: Sendable {
    let isRaised = Atomic(false)
  }

  private let flag = Flag()
  private var source: (any DispatchSourceSignal)?

  package init() {}

  /// Whether Ctrl-C was pressed.
  package var isRequested: Bool { flag.isRaised.load(ordering: .relaxed) }

  /// Takes over Ctrl-C from the system.
  package func install() {
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { [flag] in
      if flag.isRaised.exchange(true, ordering: .relaxed) { _exit(BenchError.Status.interrupted.rawValue) }
    }
    source.resume()
    self.source = source
  }
}
