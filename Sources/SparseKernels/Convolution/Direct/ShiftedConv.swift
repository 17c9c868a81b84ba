import TensorCore

/// A convolution, or its input gradient, as sums over shifted sources; see ``ShiftedAxis``.
///
/// Rows of its weights are those phases of destination channels that weights are for: row phases one after the other for each
/// channel, column phases for each of these. Column `(channel * kernelHeight + y) * kernelWidth + x` counts source channels within
/// the group.
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

  /// The input gradient.
  static func inputGradient(_ problem: ConvProblem) -> ShiftedConv {
    ShiftedConv(
      batch: problem.batch, groups: problem.groups, sourceChannels: problem.outputChannels,
      destinationChannels: problem.inputChannels,
      rows: .inputGradient(
        problem.rowAxis, padding: problem.padding.top, outputCount: problem.outputSize.height),
      columns: .inputGradient(
        problem.columnAxis, padding: problem.padding.left, outputCount: problem.outputSize.width))
  }

  /// Channels that are their own destinations: what lays the destinations of this convolution out, region by region.
  var ofDestinations: ShiftedConv {
    ShiftedConv(
      batch: batch, groups: 1, sourceChannels: destinationChannels, destinationChannels: destinationChannels,
      rows: .identity(rows.destinationCount), columns: .identity(columns.destinationCount))
  }

  var sourcePixels: Int { rows.sourceCount * columns.sourceCount }
  var destinationPixels: Int { rows.destinationCount * columns.destinationCount }
  var sourceChannelsPerGroup: Int { sourceChannels / groups }
  /// Phases of the destination that weights are for: rows of weights of each channel.
  var destinationPhaseCount: Int { rows.destinationPhases.count * columns.destinationPhases.count }
  /// Rows of the weights.
  var weightRows: Int { destinationChannels * destinationPhaseCount }
  /// Rows that are stored for each row of positions: of all phases of all channels, also those that are zero.
  var storedRows: Int { destinationChannels * rows.destinationStride * columns.destinationStride }
  /// Weights that one destination channel has for one source channel.
  var taps: Int { rows.taps.count * columns.taps.count }
  /// Combinations of row and column phases of the source that taps read.
  var phaseCount: Int { rows.sourcePhases.count * columns.sourcePhases.count }

  /// Whether sources are read in place: neighbours stay neighbours and no window leaves the image.
  var readsInPlace: Bool {
    rows.isInside && columns.isInside && rows.destinationStride == 1 && columns.destinationStride == 1
      && columns.sourceStride == 1 && rows.sourceStride == 1
  }

  /// Whether each destination is made of the source at the same place only.
  var isPointwise: Bool { readsInPlace && taps == 1 && sourcePixels == destinationPixels }

  /// Positions of a destination phase.
  var positionCount: Int { rows.count * columns.count }

  /// Whether each position is made of the source at the same position only, which exists: a 1x1 kernel without padding, at any
  /// stride, or its input gradient.
  var isPointwiseByPosition: Bool {
    taps == 1 && rows.isInside && columns.isInside && rows.leastShift == 0 && columns.leastShift == 0
      && phaseCount == 1 && rows.sourcePhases == [0] && columns.sourcePhases == [0]
      && rows.destinationPhases == [0] && columns.destinationPhases == [0]
  }

  /// The same products where positions are neighbours at both sides: some rows of them, as one image.
  ///
  /// - Precondition: ``isPointwiseByPosition``.
  func withoutStrides(rowCount: Int) -> ShiftedConv {
    precondition(isPointwiseByPosition, "ShiftedConv: positions read several sources, or none")
    return ShiftedConv(
      batch: 1, groups: groups, sourceChannels: sourceChannels, destinationChannels: destinationChannels,
      rows: .identity(rowCount), columns: .identity(columns.count))
  }
}

extension ShiftedAxis {
  /// Whether every tap of every position reads an existing source.
  var isInside: Bool {
    taps.allSatisfy { tap in
      tap.shift * sourceStride + tap.sourcePhase >= 0
        && (count - 1 + tap.shift) * sourceStride + tap.sourcePhase < sourceCount
    }
  }
}

extension ShiftedConv {
  /// The first source channel that a row of weights may read.
  func firstSourceChannel(ofRow row: Int) -> Int {
    row / (weightRows / groups) * sourceChannelsPerGroup
  }

  /// For each phase of a destination's rows and, in it, each phase of columns, which of a channel's rows of weights makes it; -1
  /// where it is zero, of which one stands for all of a row.
  var sumRows: [[Int32]] {
    let columnRows = columns.destinationPhaseRows
    return rows.destinationPhaseRows.map { row in
      if row < 0 { return [-1] }
      return columnRows.map { $0 < 0 ? -1 : row * Int32(columns.destinationPhases.count) + $0 }
    }
  }

  /// Which of a channel's rows of weights each tap belongs to.
  var tapRows: [Int] {
    func places(_ axis: ShiftedAxis) -> [Int] {
      axis.taps.map { tap in axis.destinationPhases.reduce(0) { $0 + ($1 < tap.destinationPhase ? 1 : 0) } }
    }
    let columnPlaces = places(columns)
    return places(rows).flatMap { row in columnPlaces.map { row * columns.destinationPhases.count + $0 } }
  }
}
