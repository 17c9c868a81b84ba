import CMicroKernels
import TensorCore

/// Operands of a weight gradient that is pointwise by position: the output gradient as it lies, and the input's positions, which each
/// thread brings together for itself where strides keep them apart.
struct PositionProducts: ProductLayout {
  let chunks: PositionChunks
  let lanes: Int
  let channelsPerBlock: Int
  /// The tiles of a chunk.
  let tiles: [TileCut.Tile]

  /// The cheapest tiles.
  init(_ chunks: PositionChunks, nnz: Int) {
    self.chunks = chunks
    var best: (lanes: Int, cut: TileCut, channels: Int, cycles: Double)?
    for lanes in SDDMMKernels.laneCounts {
      let cost = TileCost(chunks.conv, nnz: nnz, lanes: lanes, isInPlace: true)
      let columns = chunks.positionCount / lanes
      for vectors in 1...min(columns, SDDMMKernels.mostVectors) {
        let channels = cost.channelsPerBlock(windowVectors: vectors)
        let cut = TileCut(rows: 1, columns: columns, tileRows: 1, mostVectors: vectors)
        var cycles = 0.0
        cut.forEachSize { _, columns, count in
          let tile = cost.weightGradient(
            vectors: columns, windowVectors: columns, channelsPerBlock: channels)
          cycles += Double(count) * tile
        }
        if cycles < best?.cycles ?? .infinity { best = (lanes, cut, channels, cycles) }
      }
    }
    guard let best else { preconditionFailure("a chunk has a vector of positions") }
    lanes = best.lanes
    channelsPerBlock = best.channels
    tiles = best.cut.tiles(sheetCount: 1)
  }

  var channelStride: Int { chunks.sourceStride }
  var tapOffsets: [Int] { [0] }

  /// A copy of a chunk of the input.
  var sliceByteCount: Int {
    var layout = ScratchLayout()
    _ = layout.reserve(Float.self, count: chunks.copyElementCount)
    return layout.byteCount
  }

  func addProducts(
    of rowBlocks: Range<Int>, weights: PackedProducts, operands: ProductOperands,
    to sums: UnsafeMutablePointer<Float>, slice: UnsafeMutableRawPointer
  ) {
    let copy = slice.assumingMemoryBound(to: Float.self)
    for chunk in 0..<chunks.count {
      let planes = chunks.sources(ofChunk: chunk, of: operands.sources, copy: copy)
      let gradients = operands.destinations + chunks.destinationOffset(ofChunk: chunk)
      for tile in tiles {
        let first = Int(tile.column) * lanes
        let place = snn_sddmm_tile(
          x: planes + first, g: gradients + first, x_row_stride: 0, g_row_stride: 0,
          g_channel_stride: chunks.conv.destinationPixels)
        weights.add(rowBlocks, tile: tile, place: place, to: sums)
      }
    }
  }
}
