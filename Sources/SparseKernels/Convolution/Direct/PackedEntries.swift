import CMicroKernels
import TensorCore

/// Weights as the micro-kernels read them: value and offset side by side, in blocks of source channels, and in each of them one
/// destination channel after the other.
///
/// So the weights of any range of row blocks lie together in each block of source channels: threads share rows out as they like.
///
/// 8 bytes a weight, and 8 for each record: the weights that one destination channel has in one block of source channels.
struct PackedEntries: Sendable {
  /// Where the records and entries of a row block begin in a block of source channels.
  struct Block: Sendable {
    var firstRecord: Int
    var firstEntry: Int
  }

  /// How a matrix is cut.
  struct Cut: Sendable {
    /// Blocks of destination channels, in order, through all groups.
    var rowBlocks: [Range<Int>]
    /// Source channels of a block.
    var channelsPerBlock: Int
    /// Floats from one source channel to the next.
    var channelStride: Int
    /// Floats from a source channel's start to where each of its weights reads.
    var tapOffsets: [Int]
    /// Whether offsets count from the first channel of a block rather than from the first of all.
    var startsAnewInBlocks = false
  }

  let conv: ShiftedConv
  let cut: Cut
  private let keepsPositions: Bool
  private(set) var records: [snn_spmm_record] = []
  /// For each record, which entry of the matrix its first is; the others follow it there too.
  private(set) var positions: [UInt32] = []
  private(set) var entries: [snn_spmm_entry] = []
  /// By channel block, then row block, and in each channel block one more, where the last ends.
  private(set) var blocks: [Block] = []

  /// Packs the weights of a convolution.
  ///
  /// - Precondition: every offset that the cut makes fits in 32 bits.
  ///
  /// - Parameter keepsPositions: whether ``positions`` are wanted.
  init(_ matrix: CSRMatrix, conv: ShiftedConv, cut: Cut, keepsPositions: Bool = false) {
    self.conv = conv
    self.cut = cut
    self.keepsPositions = keepsPositions
    entries.reserveCapacity(matrix.nnz)
    append(matrix)
    // How many records there are is known now: arrays that grew by doubling give back what they did not need.
    records = records.map { $0 }
    positions = positions.map { $0 }
  }

  var channelBlockCount: Int { (conv.sourceChannels + cut.channelsPerBlock - 1) / cut.channelsPerBlock }

  /// Runs a tile's micro-kernel over all source channels of some row blocks.
  ///
  /// - Parameters:
  ///   - place: whose `y` is that of destination channel 0.
  ///   - window: the copy to make of each block of source channels, given for the first; nil to read sources where they are.
  func multiply(
    rowBlocks: Range<Int>, tile: TileCut.Tile, place: snn_spmm_tile, window: snn_spmm_window? = nil,
    with kernels: SpMMKernels
  ) {
    let kernel = kernels.kernel(rows: tile.rows, columns: tile.columns)
    records.withUnsafeBufferPointer { records in
      entries.withUnsafeBufferPointer { entries in
        // Without any weight there are records, which set the sums to zero, but perhaps no entries.
        guard let records = records.baseAddress else { return }
        let firstEntry =
          entries.baseAddress ?? UnsafeRawPointer(records).assumingMemoryBound(to: snn_spmm_entry.self)
        for channelBlock in 0..<channelBlockCount {
          let part = part(channelBlock: channelBlock, rowBlocks: rowBlocks)
          kernel.run(
            place, window: window?.channels(channelRange(ofBlock: channelBlock)), records: records + part.firstRecord,
            recordCount: part.recordCount, entries: firstEntry + part.firstEntry)
        }
      }
    }
  }

  var byteCount: Int {
    entries.count * MemoryLayout<snn_spmm_entry>.stride + records.count * MemoryLayout<snn_spmm_record>.stride
      + positions.count * MemoryLayout<UInt32>.stride + blocks.count * MemoryLayout<Block>.stride
  }

  private func part(
    channelBlock: Int, rowBlocks: Range<Int>
  ) -> (firstRecord: Int, recordCount: Int, firstEntry: Int) {
    let first = channelBlock * (cut.rowBlocks.count + 1)
    let (start, end) = (blocks[first + rowBlocks.lowerBound], blocks[first + rowBlocks.upperBound])
    return (start.firstRecord, end.firstRecord - start.firstRecord, start.firstEntry)
  }

  private func channelRange(ofBlock block: Int) -> Range<Int> {
    let first = block * cut.channelsPerBlock
    return first..<min(first + cut.channelsPerBlock, conv.sourceChannels)
  }

  /// Adds the products of a tile's SDDMM to the gradient of some row blocks, over all source channels.
  ///
  /// - Parameters:
  ///   - place: whose `g` is that of destination channel 0.
  ///   - gradient: one element for each entry of the matrix.
  func addProducts(
    rowBlocks: Range<Int>, tile: TileCut.Tile, place: snn_sddmm_tile, to gradient: UnsafeMutablePointer<Float>,
    with kernels: SDDMMKernels
  ) {
    records.withUnsafeBufferPointer { records in
      entries.withUnsafeBufferPointer { entries in
        positions.withUnsafeBufferPointer { positions in
          guard let records = records.baseAddress, let entries = entries.baseAddress,
            let positions = positions.baseAddress
          else { return }
          for channelBlock in 0..<channelBlockCount {
            let part = part(channelBlock: channelBlock, rowBlocks: rowBlocks)
            kernels.run(
              rows: tile.rows, columns: tile.columns, place: place, records: records + part.firstRecord,
              positions: positions + part.firstRecord, recordCount: part.recordCount,
              entries: entries + part.firstEntry, gradient: gradient)
          }
        }
      }
    }
  }

  /// Replaces the values, in O(nnz).
  ///
  /// - Parameter matrix: has the pattern that was packed.
  mutating func replaceValues(_ matrix: CSRMatrix) {
    var next = 0
    var reader = RowReader(pattern: matrix.pattern, conv: conv, cut: cut)
    for block in 0..<channelBlockCount {
      for row in 0..<matrix.rows {
        reader.readEntries(ofRow: row, block: block) { entry, _ in
          entries[next].value = matrix.values[entry]
          next += 1
        }
      }
    }
  }

  private mutating func append(_ matrix: CSRMatrix) {
    // The last record of each row, which finishes its sum.
    var lastRecords = [Int?](repeating: nil, count: matrix.rows)
    let firstBlocks = (0..<matrix.rows).map { firstBlock(ofRow: $0, matrix.pattern) }
    var reader = RowReader(pattern: matrix.pattern, conv: conv, cut: cut)
    for block in 0..<channelBlockCount {
      for rows in cut.rowBlocks {
        blocks.append(Block(firstRecord: records.count, firstEntry: entries.count))
        for row in rows {
          let start = entries.count
          let position = reader.position(ofRow: row)
          reader.readEntries(ofRow: row, block: block) { entry, offset in
            entries.append(snn_spmm_entry(offset: UInt32(offset), value: matrix.values[entry]))
          }
          let starts = firstBlocks[row] == block
          if entries.count == start, !starts { continue }
          lastRecords[row] = records.count
          let count = UInt32(entries.count - start) | (starts ? SNN_SPMM_STARTS : 0)
          records.append(snn_spmm_record(row: UInt32(row), count: count))
          if keepsPositions { positions.append(UInt32(position)) }
        }
      }
      blocks.append(Block(firstRecord: records.count, firstEntry: entries.count))
    }
    for case let record? in lastRecords { records[record].count |= SNN_SPMM_FINISHES }
  }

  /// The first block in which a row has an entry; 0 if it has none.
  private func firstBlock(ofRow row: Int, _ pattern: SparsityPattern) -> Int {
    guard let entry = pattern.entries(ofRow: row).first else { return 0 }
    let channel = Int(pattern.columnIndices[entry]) / conv.taps
    return (conv.firstSourceChannel(ofRow: row) + channel) / cut.channelsPerBlock
  }
}

/// Reads the entries of all rows block by block, remembering how far each row has come.
private struct RowReader {
  private let pattern: SparsityPattern
  private let conv: ShiftedConv
  private let cut: PackedEntries.Cut
  private var next: [Int]

  init(pattern: SparsityPattern, conv: ShiftedConv, cut: PackedEntries.Cut) {
    self.pattern = pattern
    self.conv = conv
    self.cut = cut
    next = (0..<pattern.rows).map { pattern.entries(ofRow: $0).lowerBound }
  }

  /// The next entry of a row.
  func position(ofRow row: Int) -> Int { next[row] }

  /// Calls `body` with each entry and its offset. Blocks are read in order.
  mutating func readEntries(ofRow row: Int, block: Int, _ body: (_ entry: Int, _ offset: Int) -> Void) {
    let end = pattern.entries(ofRow: row).upperBound
    let firstChannel = conv.firstSourceChannel(ofRow: row)
    let blockEnd = (block + 1) * cut.channelsPerBlock
    let origin = cut.startsAnewInBlocks ? block * cut.channelsPerBlock : 0
    var entry = next[row]
    while entry < end {
      let (channel, tap) = Int(pattern.columnIndices[entry]).quotientAndRemainder(dividingBy: conv.taps)
      if firstChannel + channel >= blockEnd { break }
      body(entry, (firstChannel + channel - origin) * cut.channelStride + cut.tapOffsets[tap])
      entry += 1
    }
    next[row] = entry
  }
}
