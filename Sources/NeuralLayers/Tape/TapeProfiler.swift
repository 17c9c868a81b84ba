import Synchronization

/// When an operation computes; see ``TapeProfiler``.
public enum TapePhase: String, Hashable, Sendable {
  /// From inputs to output.
  case forward
  /// From the gradient of the output to those of inputs and parameters.
  case backward
  /// The part of backward that computes a convolution's input gradient.
  case inputGradient
  /// The part of backward that computes a convolution's weight gradient.
  case weightGradient
}

/// What a ``Tape`` tells how long each operation takes.
public protocol TapeProfiler {
  /// Takes note of one operation. ``TapePhase/inputGradient`` and ``TapePhase/weightGradient`` are reported by themselves and are
  /// within a ``TapePhase/backward`` that follows.
  func record(operation: String, phase: TapePhase, seconds: Double)
}

/// Numbers the backward passes of all tapes.
final class PassCounter: Sendable {
  private let count = Atomic<Int>(0)

  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
