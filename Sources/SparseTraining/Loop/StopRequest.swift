import Synchronization

/// A wish that training ends after the step it is at, which any thread, or a handler of Ctrl-C, may make.
public final class StopRequest: Sendable {
  private let flag = Atomic<Bool>(false)

  /// No wish.
  public init() {}

  /// Whether the wish was made.
  public var isMade: Bool { flag.load(ordering: .relaxed) }

  /// Makes the wish.
  public func make() { flag.store(true, ordering: .relaxed) }
}
