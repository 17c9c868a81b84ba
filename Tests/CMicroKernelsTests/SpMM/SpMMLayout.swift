/// Where the elements of a tile lie.
struct SpMMLayout: CustomStringConvertible {
  let description: String
  let xRowStride: Int
  let yRowStride: Int
  let yChannelStride: Int
  /// Entries' offsets are `firstOffset` and up to 63 more, in steps of `offsetStep`.
  var firstOffset = 0
  var offsetStep = 1
  /// The smallest output channel.
  var firstChannel = 0

  /// Every kind of layout, for a tile of some size and `channelCount` successive output channels.
  static func all(_ size: SpMMTileSize, channelCount: Int) -> [SpMMLayout] {
    let (rows, width) = (size.rows, size.width)
    return [
      SpMMLayout(
        description: "dense", xRowStride: width + 2, yRowStride: width, yChannelStride: rows * width),
      // With x at the beginning of a page every vector is aligned.
      SpMMLayout(
        description: "aligned", xRowStride: size.lanes * size.columns + 16, yRowStride: size.lanes * size.columns,
        yChannelStride: size.lanes * size.columns * rows, offsetStep: size.lanes),
      SpMMLayout(
        description: "overlapping x, gaps in y", xRowStride: 1, yRowStride: width + 3,
        yChannelStride: rows * (width + 3) + 5),
      SpMMLayout(
        description: "channels inside rows", xRowStride: 2 * width + 1, yRowStride: channelCount * (width + 1),
        yChannelStride: width + 1),
      SpMMLayout(
        description: "bottom up", xRowStride: -width - 1, yRowStride: -width - 2, yChannelStride: rows * (width + 2)),
      // Offsets and channels that are negative as 32-bit numbers with a sign.
      SpMMLayout(
        description: "far", xRowStride: 0, yRowStride: width + 1, yChannelStride: rows * (width + 1) + 1,
        firstOffset: 3_000_000_001, firstChannel: 2_500_000_000),
    ]
  }

  /// The floats that a row-by-row window spans from its element [0][0], with rows `stride` apart.
  static func span(_ size: SpMMTileSize, rowStride: Int, width: Int) -> Range<Int> {
    let last = (size.rows - 1) * rowStride
    return min(0, last)..<max(0, last) + width
  }
}
