import CMicroKernels

/// The positions of a convolution that is pointwise by position, in runs of rows: each run of one image is computed at a time, from
/// sources and into destinations in which positions are neighbours. Where strides keep them apart, they are copied.
struct PositionChunks: Hashable, Sendable {
  let conv: ShiftedConv
  /// Rows of positions of a chunk; divides all.
  let rowCount: Int

  /// Positions of a chunk below which lanes are filled better by several images, as they are where planes are not whole lines.
  private static let leastPositions = 128
  /// Sums of some rows of weights, in bytes.
  private static let mostSumBytes = 56 << 10

  /// As many rows as keep a chunk's sources in the second-level cache; nil if positions read several sources, or there is no such
  /// number.
  init?(_ conv: ShiftedConv) {
    guard conv.isPointwiseByPosition else { return nil }
    let rowCount = (1...conv.rows.count).last { rows in
      let positions = rows * conv.columns.count
      let bytes = positions * MemoryLayout<Float>.stride
      return conv.rows.count.isMultiple(of: rows) && positions >= Self.leastPositions && positions.isMultiple(of: 16)
        && bytes <= Self.mostSumBytes && bytes * conv.sourceChannels <= TileCost.nearByteCount
    }
    guard let rowCount else { return nil }
    self.conv = conv
    self.rowCount = rowCount
  }

  /// Chunks of one image.
  var countPerImage: Int { conv.rows.count / rowCount }
  var count: Int { conv.batch * countPerImage }
  /// Positions of a chunk.
  var positionCount: Int { rowCount * conv.columns.count }

  /// Whether sources lie apart.
  var hasSourceStride: Bool { conv.sourcePixels != conv.positionCount }
  /// Whether destinations lie apart.
  var hasDestinationStride: Bool { conv.destinationPixels != conv.positionCount }

  /// All destinations, in bytes.
  var destinationByteCount: Int {
    conv.batch * conv.destinationChannels * conv.destinationPixels * MemoryLayout<Float>.stride
  }

  /// Floats from one source channel to the next: of copies an odd number of lines, which spreads channels over all sets of the
  /// first-level cache.
  var sourceStride: Int { hasSourceStride ? (positionCount / 16 | 1) * 16 : conv.sourcePixels }

  /// Floats of a copy of a chunk's sources; 0 if none is needed.
  var copyElementCount: Int { hasSourceStride ? conv.sourceChannels * sourceStride : 0 }

  /// Rows of weights whose sums of a chunk a thread holds, at most.
  var mostRows: Int { Self.mostSumBytes / (positionCount * MemoryLayout<Float>.stride) }

  /// The convolution of a chunk.
  var product: ShiftedConv { conv.withoutStrides(rowCount: rowCount) }

  /// The image of a chunk and its first row of positions.
  func place(ofChunk chunk: Int) -> (image: Int, row: Int) {
    let (image, part) = chunk.quotientAndRemainder(dividingBy: countPerImage)
    return (image, part * rowCount)
  }

  /// Where a chunk's first destination is.
  func destinationOffset(ofChunk chunk: Int) -> Int {
    let (image, row) = place(ofChunk: chunk)
    return image * conv.destinationChannels * conv.destinationPixels
      + row * conv.rows.destinationStride * conv.columns.destinationCount
  }

  /// The sources of a chunk, in which positions are neighbours and channels ``sourceStride`` floats apart.
  ///
  /// - Parameter copy: room for ``copyElementCount`` floats, which may become what is returned.
  func sources(
    ofChunk chunk: Int, of source: UnsafePointer<Float>, copy: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    let (image, row) = place(ofChunk: chunk)
    let planes =
      source + image * conv.sourceChannels * conv.sourcePixels + row * conv.rows.sourceStride * conv.columns.sourceCount
    if !hasSourceStride { return planes }
    var grid = snn_plane_grid(
      rows: rowCount, columns: conv.columns.count, row_stride: conv.rows.sourceStride,
      column_stride: conv.columns.sourceStride, plane_columns: conv.columns.sourceCount)
    for channel in 0..<conv.sourceChannels {
      snn_f32_compact(planes + channel * conv.sourcePixels, &grid, copy + channel * sourceStride)
    }
    return UnsafePointer(copy)
  }

  /// Stores the sums of a chunk's positions in one plane, with zeros between them.
  ///
  /// - Parameter plane: where the chunk's first destination in it is.
  func spread(
    chunk: Int, sums: UnsafePointer<Float>, into plane: UnsafeMutablePointer<Float>, pastCache: Bool
  ) {
    var grid = snn_plane_grid(
      rows: rowCount, columns: conv.columns.count, row_stride: conv.rows.destinationStride,
      column_stride: conv.columns.destinationStride, plane_columns: conv.columns.destinationCount)
    let first = place(ofChunk: chunk).row * conv.rows.destinationStride
    let rows = min(rowCount * conv.rows.destinationStride, conv.rows.destinationCount - first)
    snn_f32_spread(sums, &grid, rows, pastCache ? 1 : 0, plane)
  }
}
