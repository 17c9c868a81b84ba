/// One axis of a convolution in the form that both directions share: destinations that read sources at fixed shifts.
///
/// Sources are split into `sourceStride` phases and destinations into `destinationStride` phases, so that position p of a
/// destination phase reads position p + shift of a source phase, whatever the stride:
///
///     destination index = p * destinationStride + tap.destinationPhase
///     source index      = (p + tap.shift) * sourceStride + tap.sourcePhase
///
/// A forward convolution has `destinationStride` 1; the gradient of its input has `sourceStride` 1.
struct ShiftedAxis: Hashable, Sendable {
  /// Where one element of the kernel reads, and for which destinations.
  struct Tap: Hashable, Sendable {
    var sourcePhase: Int
    var destinationPhase: Int
    var shift: Int
  }

  let sourceCount: Int
  let destinationCount: Int
  let sourceStride: Int
  let destinationStride: Int
  /// One for each element of the kernel.
  let taps: [Tap]
  /// The smallest shift; 0 without taps.
  let leastShift: Int
  /// The largest shift less the smallest: what a window has more positions than its destinations.
  let span: Int
  /// The phases of the source that taps read, in order.
  let sourcePhases: [Int]
  /// The phases of destinations that taps are for, in order; the others are zero.
  let destinationPhases: [Int]

  private init(
    sourceCount: Int, destinationCount: Int, sourceStride: Int, destinationStride: Int, taps: [Tap]
  ) {
    self.sourceCount = sourceCount
    self.destinationCount = destinationCount
    self.sourceStride = sourceStride
    // Phases beyond the last destination have none; of such a stride only position 0 is left.
    self.destinationStride = min(destinationStride, destinationCount)
    self.taps = taps
    leastShift = taps.map(\.shift).min() ?? 0
    span = (taps.map(\.shift).max() ?? 0) - leastShift
    sourcePhases = Set(taps.map(\.sourcePhase)).sorted()
    destinationPhases = Set(taps.map(\.destinationPhase)).sorted()
  }

  /// The axis of a forward convolution.
  static func forward(_ axis: ConvAxis, padding: Int, outputCount: Int) -> ShiftedAxis {
    let taps = (0..<axis.kernel).map { index in
      let place = index * axis.dilation - padding
      let shift = floorDivide(place, axis.stride)
      return Tap(sourcePhase: place - shift * axis.stride, destinationPhase: 0, shift: shift)
    }
    return ShiftedAxis(
      sourceCount: axis.input, destinationCount: outputCount, sourceStride: axis.stride, destinationStride: 1,
      taps: taps)
  }

  /// The axis in which each destination is made of the source at the same place.
  static func identity(_ count: Int) -> ShiftedAxis {
    .forward(ConvAxis(input: count, kernel: 1, stride: 1, dilation: 1), padding: 0, outputCount: count)
  }

  /// The axis of the input gradient, whose source is the output gradient.
  static func inputGradient(_ axis: ConvAxis, padding: Int, outputCount: Int) -> ShiftedAxis {
    let taps = (0..<axis.kernel).map { index in
      // The only phase in which a whole number of strides leads from the output to the input.
      let place = index * axis.dilation - padding
      let shift = floorDivide(place, axis.stride)
      return Tap(sourcePhase: 0, destinationPhase: place - shift * axis.stride, shift: -shift)
    }
    return ShiftedAxis(
      sourceCount: outputCount, destinationCount: axis.input, sourceStride: 1, destinationStride: axis.stride,
      taps: taps)
  }

  /// For each phase of destinations, its place in ``destinationPhases``; -1 where they are zero.
  var destinationPhaseRows: [Int32] {
    (0..<destinationStride).map { phase in destinationPhases.firstIndex(of: phase).map(Int32.init) ?? -1 }
  }

  /// Positions of a destination phase; those of the last phases may lie beyond the last destination.
  var count: Int { (destinationCount + destinationStride - 1) / destinationStride }

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
