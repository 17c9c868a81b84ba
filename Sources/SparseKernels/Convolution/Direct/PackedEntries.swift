import CMicroKernels
import TensorCore

/// Weights as the micro-kernels read them: value and offset side by side, in blocks of source channels, and in each of them one
/// destination channel after the other.
///
/// So the weights of any range of row blocks lie together in each block of source channels: threads share rows out as they like.
/// Within a row block, rows come in the order of how many weights they have.
///
/// 8 bytes a weight, and 8 for each record: the weights that one row has in one block of source channels.
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
  private(set) var records: [snn_spmm_record] = []
  private(set) var entries: [snn_spmm_entry] = []
  /// By channel block, then row block, and in each channel block one more, where the last ends.
  private(set) var blocks: [Block] = []

  /// Packs the weights of a convolution.
  ///
  /// - Precondition: every offset that the cut makes fits in 32 bits.
  init(_ matrix: CSRMatrix, conv: ShiftedConv, cut: Cut) {
    self.conv = conv
    self.cut = cut
    entries.reserveCapacity(matrix.nnz)
    append(matrix)
    // How many records there are is known now: arrays that grew by doubling give back what they did not need.
    records = records.map { $0 }
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
      + blocks.count * MemoryLayout<Block>.stride
  }

  private func part(
    channelBlock: Int, rowBlocks: Range<Int>
  ) -> (firstRecord: Int, recordCount: Int, firstEntry: Int, entryCount: Int) {
    let first = channelBlock * (cut.rowBlocks.count + 1)
    let (start, end) = (blocks[first + rowBlocks.lowerBound], blocks[first + rowBlocks.upperBound])
    return (
      start.firstRecord, end.firstRecord - start.firstRecord, start.firstEntry, end.firstEntry - start.firstEntry
    )
  }

  private func channelRange(ofBlock block: Int) -> Range<Int> {
    let first = block * cut.channelsPerBlock
    return first..<min(first + cut.channelsPerBlock, conv.sourceChannels)
  }

  /// Adds the products of a tile's SDDMM to the sums of some row blocks, over all source channels.
  ///
  /// - Parameters:
  ///   - place: whose `g` is that of destination channel 0.
  ///   - sums: one for each of ``entries``.
  func addProducts(
    rowBlocks: Range<Int>, tile: TileCut.Tile, place: snn_sddmm_tile, to sums: UnsafeMutablePointer<Float>,
    with kernels: SDDMMKernels
  ) {
    records.withUnsafeBufferPointer { records in
      entries.withUnsafeBufferPointer { entries in
        guard let records = records.baseAddress, let entries = entries.baseAddress else { return }
        for channelBlock in 0..<channelBlockCount {
          let part = part(channelBlock: channelBlock, rowBlocks: rowBlocks)
          kernels.run(
            rows: tile.rows, columns: tile.columns, place: place, records: records + part.firstRecord,
            recordCount: part.recordCount, entries: entries + part.firstEntry, sums: sums + part.firstEntry)
        }
      }
    }
  }

  /// Sets the sums of some row blocks to zero.
  func clear(rowBlocks: Range<Int>, of sums: UnsafeMutablePointer<Float>) {
    for channelBlock in 0..<channelBlockCount {
      let part = part(channelBlock: channelBlock, rowBlocks: rowBlocks)
      (sums + part.firstEntry).update(repeating: 0, count: part.entryCount)
    }
  }

  /// Calls `body` with runs of ``entries`` of some row blocks, and which entry of the matrix the first of each is.
  ///
  /// - Parameter positions: those of the matrix's pattern.
  func forEachRun(
    ofRowBlocks rowBlocks: Range<Int>, positions: [UInt32], _ body: (_ entries: Range<Int>, _ position: Int) -> Void
  ) {
    for channelBlock in 0..<channelBlockCount {
      let part = part(channelBlock: channelBlock, rowBlocks: rowBlocks)
      var next = part.firstEntry
      for index in part.firstRecord..<part.firstRecord + part.recordCount {
        let count = Int(records[index].count & SNN_SPMM_COUNT)
        body(next..<next + count, Int(positions[index]))
        next += count
      }
    }
  }

  /// For each record, which entry of the matrix its first is; the others follow it there too, since a row's records have its
  /// entries in order.
  func positions(_ pattern: SparsityPattern) -> [UInt32] {
    var next = pattern.rowOffsets.map(UInt32.init)
    return records.map { record in
      let position = next[Int(record.row)]
      next[Int(record.row)] += record.count & SNN_SPMM_COUNT
      return position
    }
  }

  /// Replaces the values, in O(nnz).
  ///
  /// - Parameter matrix: has the pattern that was packed.
  mutating func replaceValues(_ matrix: CSRMatrix) {
    let positions = positions(matrix.pattern)
    matrix.values.withUnsafeBufferPointer { values in
      entries.withUnsafeMutableBufferPointer { entries in
        var first = 0
        for (record, position) in zip(records, positions) {
          let count = Int(record.count & SNN_SPMM_COUNT)
          for index in 0..<count { entries[first + index].value = values[Int(position) + index] }
          first += count
        }
      }
    }
  }

  private mutating func append(_ matrix: CSRMatrix) {
    // The last record of each row, which finishes its sum.
    var lastRecords = [Int?](repeating: nil, count: matrix.rows)
    var reader = RowReader(pattern: matrix.pattern, conv: conv, channelsPerBlock: cut.channelsPerBlock)
    for block in 0..<channelBlockCount {
      for rows in cut.rowBlocks {
        blocks.append(Block(firstRecord: records.count, firstEntry: entries.count))
        // Loops of equal length one after the other are those that a processor predicts.
        let parts = rows.map { (row: $0, entries: reader.next(ofRow: $0, block: block)) }
          .sorted { ($0.entries.count, $0.row) < ($1.entries.count, $1.row) }
        for part in parts {
          // A row without entries has one record all the same.
          let isEmpty = part.entries.isEmpty
          if isEmpty, block > 0 || !matrix.pattern.entries(ofRow: part.row).isEmpty { continue }
          let starts = lastRecords[part.row] == nil
          lastRecords[part.row] = records.count
          let count = UInt32(part.entries.count) | (starts ? SNN_SPMM_STARTS : 0)
          records.append(snn_spmm_record(row: UInt32(part.row), count: count))
          for entry in part.entries {
            let offset = offset(ofRow: part.row, column: matrix.pattern.columnIndices[entry], block: block)
            entries.append(snn_spmm_entry(offset: UInt32(offset), value: matrix.values[entry]))
          }
        }
      }
      blocks.append(Block(firstRecord: records.count, firstEntry: entries.count))
    }
    for case let record? in lastRecords { records[record].count |= SNN_SPMM_FINISHES }
  }

  /// Where a weight reads.
  private func offset(ofRow row: Int, column: Int32, block: Int) -> Int {
    let (channel, tap) = Int(column).quotientAndRemainder(dividingBy: conv.taps)
    let origin = cut.startsAnewInBlocks ? block * cut.channelsPerBlock : 0
    return (conv.firstSourceChannel(ofRow: row) + channel - origin) * cut.channelStride + cut.tapOffsets[tap]
  }
}

/// Reads the entries of all rows block by block, remembering how far each row has come.
private struct RowReader {
  private let pattern: SparsityPattern
  private let conv: ShiftedConv
  private let channelsPerBlock: Int
  private var next: [Int]

  init(pattern: SparsityPattern, conv: ShiftedConv, channelsPerBlock: Int) {
    self.pattern = pattern
    self.conv = conv
    self.channelsPerBlock = channelsPerBlock
    next = (0..<pattern.rows).map { pattern.entries(ofRow: $0).lowerBound }
  }

  /// The entries that a row has in a block. Blocks are read in order.
  mutating func next(ofRow row: Int, block: Int) -> Range<Int> {
    let end = pattern.entries(ofRow: row).upperBound
    let columnsEnd = ((block + 1) * channelsPerBlock - conv.firstSourceChannel(ofRow: row)) * conv.taps
    let first = next[row]
    var entry = first
    while entry < end, pattern.columnIndices[entry] < columnsEnd { entry += 1 }
    next[row] = entry
    return first..<entry
  }
}
