/// One axis of a convolution in the form that both directions share: destinations that read sources at fixed shifts.
///
/// Sources are split into `sourceStride` phases and destinations into `destinationStride` phases, of which this is one, so
/// that position p of the destination phase reads position p + shift of a source phase, whatever the stride:
///
///     destination index = p * destinationStride + destinationPhase
///     source index      = (p + tap.shift) * sourceStride + tap.phase
///
/// A forward convolution has `destinationStride` 1; the gradient of its input has `sourceStride` 1.
struct ShiftedAxis: Hashable, Sendable {
  /// Where one element of the kernel reads.
  struct Tap: Hashable, Sendable {
    var phase: Int
    var shift: Int
  }

  let sourceCount: Int
  let destinationCount: Int
  let sourceStride: Int
  let destinationStride: Int
  let destinationPhase: Int
  /// One for each element of the kernel; nil where it never meets this destination phase.
  let taps: [Tap?]
  /// The smallest shift; 0 without taps.
  let leastShift: Int
  /// The largest shift less the smallest: what a window has more positions than its destinations.
  let span: Int
  /// The phases of the source that taps read, in order.
  let phases: [Int]

  private init(
    sourceCount: Int, destinationCount: Int, sourceStride: Int, destinationStride: Int, destinationPhase: Int,
    taps: [Tap?]
  ) {
    self.sourceCount = sourceCount
    self.destinationCount = destinationCount
    self.sourceStride = sourceStride
    self.destinationStride = destinationStride
    self.destinationPhase = destinationPhase
    self.taps = taps
    let used = taps.compactMap(\.self)
    leastShift = used.map(\.shift).min() ?? 0
    span = (used.map(\.shift).max() ?? 0) - leastShift
    phases = Set(used.map(\.phase)).sorted()
  }

  /// The axis of a forward convolution.
  static func forward(_ axis: ConvAxis, padding: Int, outputCount: Int) -> ShiftedAxis {
    let taps = (0..<axis.kernel).map { index -> Tap? in
      let place = index * axis.dilation - padding
      let shift = floorDivide(place, axis.stride)
      return Tap(phase: place - shift * axis.stride, shift: shift)
    }
    return ShiftedAxis(
      sourceCount: axis.input, destinationCount: outputCount, sourceStride: axis.stride, destinationStride: 1,
      destinationPhase: 0, taps: taps)
  }

  /// The axis of one phase of the input gradient, whose source is the output gradient.
  ///
  /// - Parameter phase: in `0..<axis.stride`, and less than `axis.input`.
  static func inputGradient(_ axis: ConvAxis, padding: Int, outputCount: Int, phase: Int) -> ShiftedAxis {
    let taps = (0..<axis.kernel).map { index -> Tap? in
      let place = phase + padding - index * axis.dilation
      let shift = floorDivide(place, axis.stride)
      return shift * axis.stride == place ? Tap(phase: 0, shift: shift) : nil
    }
    return ShiftedAxis(
      sourceCount: outputCount, destinationCount: axis.input, sourceStride: 1, destinationStride: axis.stride,
      destinationPhase: phase, taps: taps)
  }

  /// Positions of the destination phase.
  var count: Int { (destinationCount - destinationPhase + destinationStride - 1) / destinationStride }

  /// The positions, from `start` on and fewer than `count`, whose source exists: a range within `0..<count`, counted
  /// from `start`, perhaps empty.
  func validSources(from start: Int, count: Int, phase: Int) -> Range<Int> {
    let first = max(0, -Self.floorDivide(phase, sourceStride) - start)
    let end = Self.floorDivide(sourceCount - 1 - phase, sourceStride) + 1 - start
    return min(first, count)..<max(min(first, count), min(end, count))
  }

  private static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    dividend >= 0 ? dividend / divisor : -((divisor - 1 - dividend) / divisor)
  }
}
