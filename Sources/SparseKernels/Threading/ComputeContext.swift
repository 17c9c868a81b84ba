import TensorCore

/// Where kernels run: the number of threads, which every kernel obeys, and the scratch memory that they share.
///
/// Make one per stream of work and keep it: its threads sleep between calls and its scratch memory stays allocated, so
/// that a warm call allocates nothing. A context serves one call at a time and is not `Sendable`; prepared
/// convolutions are, and may be used from several contexts at once.
///
/// Results do not depend on `threadCount`.
public final class ComputeContext {
  /// The number of threads that a call may use, the calling one included.
  public let threadCount: Int

  private let pool: ThreadPool
  private var scratch: UnsafeMutableRawBufferPointer
  private var attachments: [ObjectIdentifier: AnyObject] = [:]

  /// Creates a context.
  ///
  /// - Parameter threadCount: the threads to use, the calling one included.
  /// - Precondition: `threadCount >= 1`.
  public init(threadCount: Int = 1) {
    precondition(threadCount >= 1, "ComputeContext: \(threadCount) threads, expected 1 or more")
    self.threadCount = threadCount
    pool = ThreadPool(threadCount: threadCount)
    scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    pool.start()
  }

  deinit {
    pool.stop()
    scratch.deallocate()
  }

  /// Runs parts `0..<partCount` of a job over the threads and waits for the last.
  package func run(_ job: some ParallelJob, partCount: Int) throws {
    try pool.run(job, partCount: partCount)
  }

  /// At least `byteCount` bytes on a 64-byte boundary with undefined contents, valid until the next call that asks for
  /// more. Allocates only when the largest request so far grows.
  package func scratch(byteCount: Int) -> UnsafeMutableRawPointer {
    if scratch.baseAddress == nil || scratch.count < byteCount {
      scratch.deallocate()
      scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    }
    guard let base = scratch.baseAddress else { preconditionFailure("an allocated block has an address") }
    return base
  }

  /// The bytes of scratch memory that are allocated.
  package var scratchByteCount: Int { scratch.count }

  /// State that a kernel keeps between calls in this context, such as a library's own objects; made when first asked
  /// for.
  package func attachment<State: AnyObject>(_ type: State.Type, make: () throws -> State) rethrows -> State {
    if let known = attachments[ObjectIdentifier(type)] { return unsafeDowncast(known, to: type) }
    let state = try make()
    attachments[ObjectIdentifier(type)] = state
    return state
  }
}
