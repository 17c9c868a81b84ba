import Foundation

/// A value that several threads use, one at a time.
///
/// What `Synchronization.Mutex` is, over Foundation's lock: where threads wait for each other, `Mutex` takes its lock inside a
/// library that ThreadSanitizer cannot see into, and every use of its value is then reported as a race (decision 0023).
package final class Locked<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  private let lock = NSLock()

  package init(_ value: Value) { self.value = value }

  /// Reads or changes the value while nobody else does. Must not be called from within `body`.
  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
