import TensorCore

/// A convolution, or one phase of its input gradient, as sums over shifted sources; see ``ShiftedAxis``.
///
/// Rows of its weights are destination channels; column `(channel * kernelHeight + y) * kernelWidth + x` counts source channels
/// within the group.
struct ShiftedConv: Hashable, Sendable {
  let batch: Int
  let groups: Int
  let sourceChannels: Int
  let destinationChannels: Int
  let rows: ShiftedAxis
  let columns: ShiftedAxis

  /// The forward convolution.
  static func forward(_ problem: ConvProblem) -> ShiftedConv {
    ShiftedConv(
      batch: problem.batch, groups: problem.groups, sourceChannels: problem.inputChannels,
      destinationChannels: problem.outputChannels,
      rows: .forward(problem.rowAxis, padding: problem.padding.top, outputCount: problem.outputSize.height),
      columns: .forward(problem.columnAxis, padding: problem.padding.left, outputCount: problem.outputSize.width))
  }

  /// The phases of the input gradient, which together write every element of it.
  static func inputGradient(_ problem: ConvProblem) -> [ShiftedConv] {
    let (rows, columns) = (problem.rowAxis, problem.columnAxis)
    return (0..<min(rows.stride, rows.input)).flatMap { y in
      (0..<min(columns.stride, columns.input)).map { x in
        ShiftedConv(
          batch: problem.batch, groups: problem.groups, sourceChannels: problem.outputChannels,
          destinationChannels: problem.inputChannels,
          rows: .inputGradient(
            rows, padding: problem.padding.top, outputCount: problem.outputSize.height, phase: y),
          columns: .inputGradient(
            columns, padding: problem.padding.left, outputCount: problem.outputSize.width, phase: x))
      }
    }
  }

  /// Channels that are their own destinations: what lays the destinations of this convolution out, region by region.
  var ofDestinations: ShiftedConv {
    func axis(_ count: Int) -> ShiftedAxis {
      .forward(ConvAxis(input: count, kernel: 1, stride: 1, dilation: 1), padding: 0, outputCount: count)
    }
    return ShiftedConv(
      batch: batch, groups: 1, sourceChannels: destinationChannels, destinationChannels: destinationChannels,
      rows: axis(rows.destinationCount), columns: axis(columns.destinationCount))
  }

  var sourcePixels: Int { rows.sourceCount * columns.sourceCount }
  var destinationPixels: Int { rows.destinationCount * columns.destinationCount }
  var sourceChannelsPerGroup: Int { sourceChannels / groups }
  var destinationChannelsPerGroup: Int { destinationChannels / groups }
  /// Weights that one destination channel has for one source channel.
  var taps: Int { rows.taps.count * columns.taps.count }
  /// Combinations of row and column phases of the source that taps read.
  var phaseCount: Int { rows.phases.count * columns.phases.count }

  /// Whether sources are read in place: neighbours stay neighbours and no window leaves the image.
  var readsInPlace: Bool {
    rows.isInside && columns.isInside && rows.destinationStride == 1 && columns.destinationStride == 1
      && columns.sourceStride == 1 && rows.sourceStride == 1
  }

  /// Whether no weight reads any source, so that every destination is 0.
  var isZero: Bool { rows.taps.allSatisfy { $0 == nil } || columns.taps.allSatisfy { $0 == nil } }

  /// Whether each destination is made of the source at the same place only.
  var isPointwise: Bool { readsInPlace && taps == 1 && sourcePixels == destinationPixels }
}

extension ShiftedAxis {
  /// Whether every tap of every position reads an existing source.
  var isInside: Bool {
    taps.allSatisfy { tap in
      guard let tap else { return true }
      return tap.shift * sourceStride + tap.phase >= 0
        && (count - 1 + tap.shift) * sourceStride + tap.phase < sourceCount
    }
  }
}

extension ShiftedConv {
  /// The first source channel that a destination channel may read.
  func firstSourceChannel(ofRow row: Int) -> Int {
    row / destinationChannelsPerGroup * sourceChannelsPerGroup
  }
}
