import Dispatch
import Foundation
import SparseTraining

/// Turns Ctrl-C, and a wish of the system that the process ends, into a wish that training stops; the second one ends the process.
final class InterruptHandler {
  private var sources: [any DispatchSourceSignal] = []
  private static let signals = [SIGINT, SIGTERM]

  init(stopRequest: StopRequest) {
    for number in Self.signals {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if stopRequest.isMade { _exit(ToolError.Status.interrupted.rawValue) }
        stopRequest.make()
      }
      source.resume()
      sources.append(source)
    }
  }

  /// Gives the signals back their usual effect.
  func end() {
    for source in sources { source.cancel() }
    for number in Self.signals { signal(number, SIG_DFL) }
  }
}
