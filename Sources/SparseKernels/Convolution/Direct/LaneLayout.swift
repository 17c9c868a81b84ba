import CMicroKernels

/// Sources laid out so that every tap of every destination is an aligned vector (`f32_lanes.h`).
///
/// Destinations are cut into regions of one size, counted through all images; eight or sixteen are the lanes of a group. Each
/// channel's part of the layout is, for each phase of the source and each group, the window of the group's regions: `windowRows`
/// rows of `windowColumns` vectors, with zeros where a window leaves the image. What adjoining regions share is
/// there twice, which is the price of alignment.
struct LaneLayout: Hashable, Sendable {
  let conv: ShiftedConv
  /// Destinations of one region.
  let regionRows: Int
  let regionColumns: Int
  /// Groups that are laid out at a time.
  let chunkGroups: Int
  /// Floats of a vector, one for each region of a group.
  let lanes: Int

  /// - Precondition: `lanes` is `SNN_LANES` or `SNN_WIDE_LANES`.
  init(_ conv: ShiftedConv, regionRows: Int, regionColumns: Int, chunkGroups: Int, lanes: Int) {
    precondition(lanes == SNN_LANES || lanes == SNN_WIDE_LANES, "LaneLayout: \(lanes) lanes, expected 8 or 16")
    self.lanes = lanes
    self.conv = conv
    self.regionRows = regionRows
    self.regionColumns = regionColumns
    self.chunkGroups = chunkGroups
  }

  /// Regions of one image, downwards and across.
  var regionsDown: Int { (conv.rows.count + regionRows - 1) / regionRows }
  var regionsAcross: Int { (conv.columns.count + regionColumns - 1) / regionColumns }
  var regionCount: Int { conv.batch * regionsDown * regionsAcross }
  var groupCount: Int { (regionCount + lanes - 1) / lanes }
  var chunkCount: Int { (groupCount + chunkGroups - 1) / chunkGroups }

  var windowRows: Int { regionRows + conv.rows.span }
  var windowColumns: Int { regionColumns + conv.columns.span }
  /// Vectors of one group's window in one phase.
  var windowVectors: Int { windowRows * windowColumns }
  /// Vectors of one channel, without what keeps channels apart.
  var channelVectors: Int { conv.phaseCount * chunkGroups * windowVectors }

  /// How tiles may run: a region's rows one below the other; or, where regions have one row, rows of all groups one below
  /// the other; or, where windows are no larger than regions, everything as one row.
  enum Sheets: Hashable, Sendable {
    case regions
    case groups
    case line
  }

  var sheets: Sheets {
    if windowRows == regionRows, windowColumns == regionColumns { return .line }
    return regionRows == 1 ? .groups : .regions
  }

  /// The extents of a sheet of a chunk of `groups` groups, in vectors.
  func sheetSize(groups: Int) -> (count: Int, rows: Int, columns: Int) {
    switch sheets {
    case .regions: (groups, regionRows, regionColumns)
    case .groups: (1, groups, regionColumns)
    case .line: (1, 1, groups * regionRows * regionColumns)
    }
  }

  /// Vectors from one row of a sheet to the next.
  var sheetRowVectors: Int { sheets == .groups ? windowVectors : windowColumns }

  /// Where a tile begins within a channel's first phase, in vectors.
  func start(of tile: TileCut.Tile) -> Int {
    Int(tile.sheet) * windowVectors + Int(tile.row) * sheetRowVectors + Int(tile.column)
  }

  /// Where the activations of each weight of a channel begin, in floats from the channel's start; in the order of the weights.
  func tapOffsets() -> [Int] {
    let (rowPhases, columnPhases) = (conv.rows.sourcePhases, conv.columns.sourcePhases)
    return conv.rows.taps.flatMap { row in
      conv.columns.taps.map { column in
        guard let y = rowPhases.firstIndex(of: row.sourcePhase),
          let x = columnPhases.firstIndex(of: column.sourcePhase)
        else { preconditionFailure("phases are those of the taps") }
        let window = (y * columnPhases.count + x) * chunkGroups * windowVectors
        let shift = (row.shift - conv.rows.leastShift) * windowColumns + column.shift - conv.columns.leastShift
        return (window + shift) * lanes
      }
    }
  }
}
