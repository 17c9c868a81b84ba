import Dispatch

/// Times what happens between two looks at it.
struct Stopwatch {
  private var start = DispatchTime.now().uptimeNanoseconds

  /// The seconds since it was made, or since the lap before.
  mutating func lap() -> Double {
    let now = DispatchTime.now().uptimeNanoseconds
    defer { start = now }
    return Double(now - start) * 1e-9
  }
}
