import CMicroKernels
import TensorCore
import TestSupport
import Testing

@testable import SparseKernels

/// Packed weights, read back as micro-kernels read them.
@Suite struct PackedEntriesTests {
  /// How weights are cut in a test: offsets of taps that tell which they are.
  private struct Setting {
    let line: String
    let rowBlockCount: Int
    let channelsPerBlock: Int
    var startsAnewInBlocks = false
  }

  private static let settings = [
    Setting(line: "mb1ic7ih5oc9kh3ph1", rowBlockCount: 1, channelsPerBlock: 7),
    Setting(line: "mb1ic7ih5oc9kh3ph1", rowBlockCount: 3, channelsPerBlock: 2),
    Setting(line: "mb1ic7ih5oc9kh3ph1", rowBlockCount: 4, channelsPerBlock: 3, startsAnewInBlocks: true),
    Setting(line: "mb1ic16ih5oc20kh1", rowBlockCount: 20, channelsPerBlock: 1),
    Setting(line: "g3mb1ic12ih5oc9kh3ph1", rowBlockCount: 2, channelsPerBlock: 5),
    Setting(line: "g4mb1ic4ih5oc8kh3ph1", rowBlockCount: 3, channelsPerBlock: 3),
  ]

  private static let channelStride = 1000

  /// A weight as it was packed.
  private struct Weight: Hashable {
    let row: Int
    let column: Int
    let value: Float
  }

  private func pack(_ setting: Setting, _ matrix: CSRMatrix) throws -> PackedEntries {
    let conv = ShiftedConv.forward(try ConvProblem(benchdnn: setting.line))
    let offsets = (0..<conv.taps).map { 7 * $0 + 3 }
    return PackedEntries(
      matrix, conv: conv,
      cut: PackedEntries.Cut(
        rowBlocks: matrix.pattern.balancedRowBlocks(count: setting.rowBlockCount),
        channelsPerBlock: setting.channelsPerBlock, channelStride: Self.channelStride, tapOffsets: offsets,
        startsAnewInBlocks: setting.startsAnewInBlocks))
  }

  /// A record with its block of channels, its row and its entries.
  private struct Record {
    let channelBlock: Int
    let row: Int
    let record: snn_spmm_record
    let entries: ArraySlice<snn_spmm_entry>
  }

  /// All records, in the order of the blocks.
  private func records(_ packed: PackedEntries) -> [Record] {
    var records: [Record] = []
    let rowBlocks = packed.cut.rowBlocks
    for (index, (block, following)) in zip(packed.blocks, packed.blocks.dropFirst()).enumerated() {
      let (channelBlock, rowBlock) = index.quotientAndRemainder(dividingBy: rowBlocks.count + 1)
      // After the last row block there is the end only.
      if rowBlock == rowBlocks.count { continue }
      var next = block.firstEntry
      for record in packed.records[block.firstRecord..<following.firstRecord] {
        let count = Int(record.count & SNN_SPMM_COUNT)
        #expect(rowBlocks[rowBlock].contains(Int(record.row)))
        records.append(
          Record(
            channelBlock: channelBlock, row: Int(record.row), record: record,
            entries: packed.entries[next..<next + count]
          ))
        next += count
      }
      #expect(next == following.firstEntry)
    }
    return records
  }

  private func matrix(_ setting: Setting, _ pattern: WeightPattern) throws -> CSRMatrix {
    let problem = try ConvProblem(benchdnn: setting.line)
    var generator = SeededGenerator(seed: 41)
    return try pattern.floats(
      rows: problem.outputChannels, columns: problem.weightsPerOutputChannel, using: &generator)
  }

  @Test(arguments: settings.indices, WeightPattern.allCases)
  func everyWeightIsThereOnce(index: Int, pattern: WeightPattern) throws {
    let setting = Self.settings[index]
    let matrix = try matrix(setting, pattern)
    let packed = try pack(setting, matrix)
    let conv = packed.conv
    var got: [Weight: Int] = [:]
    for record in records(packed) {
      let first = record.channelBlock * setting.channelsPerBlock
      for entry in record.entries {
        let (place, offset) = Int(entry.offset).quotientAndRemainder(dividingBy: Self.channelStride)
        let channel = place + (setting.startsAnewInBlocks ? first : 0)
        #expect((first..<first + setting.channelsPerBlock).contains(channel))
        let tap = try #require(packed.cut.tapOffsets.firstIndex(of: offset))
        let column = (channel - conv.firstSourceChannel(ofRow: record.row)) * conv.taps + tap
        got[Weight(row: record.row, column: column, value: entry.value), default: 0] += 1
      }
    }
    var expected: [Weight: Int] = [:]
    for (position, value) in zip(matrix.coordinates(), matrix.values) {
      expected[Weight(row: position.row, column: position.column, value: value)] = 1
    }
    #expect(got == expected)
    #expect(packed.entries.count == expected.count)
  }

  /// A sum that is not started would have NaN in it, one that is not finished no bias.
  @Test(arguments: settings.indices, WeightPattern.allCases)
  func everyRowStartsAndFinishesOnce(index: Int, pattern: WeightPattern) throws {
    let setting = Self.settings[index]
    let packed = try pack(setting, matrix(setting, pattern))
    let ofRows = Dictionary(grouping: records(packed)) { $0.row }
    for row in 0..<packed.conv.weightRows {
      let records = try #require(ofRows[row], "row \(row)")
      let starts = records.map { $0.record.count & SNN_SPMM_STARTS != 0 }
      let finishes = records.map { $0.record.count & SNN_SPMM_FINISHES != 0 }
      #expect(starts == records.indices.map { $0 == 0 }, "row \(row)")
      #expect(finishes == records.indices.map { $0 == records.count - 1 }, "row \(row)")
      // Only a row without any weight has a record without.
      #expect(records.count == 1 || records.allSatisfy { !$0.entries.isEmpty }, "row \(row)")
    }
  }

  /// Processors predict loops of equal length one after the other.
  @Test(arguments: settings.indices, WeightPattern.allCases)
  func rowsOfABlockComeByTheirNumberOfWeights(index: Int, pattern: WeightPattern) throws {
    let setting = Self.settings[index]
    let packed = try pack(setting, matrix(setting, pattern))
    let ofBlocks = Dictionary(grouping: records(packed)) { record in
      [record.channelBlock, packed.cut.rowBlocks.firstIndex { $0.contains(record.row) } ?? -1]
    }
    for (block, records) in ofBlocks {
      let order = records.map { [$0.entries.count, $0.row] }
      #expect(order == order.sorted { $0.lexicographicallyPrecedes($1) }, "block \(block)")
    }
  }

  /// Sums go back to where their weights are, of all row blocks or of each alone; and no other changes.
  @Test(arguments: settings.indices, WeightPattern.allCases)
  func unpackedSumsAreInTheOrderOfTheMatrix(index: Int, pattern: WeightPattern) throws {
    let setting = Self.settings[index]
    let matrix = try matrix(setting, pattern)
    let packed = try pack(setting, matrix)
    let sums = packed.entries.map(\.value)
    let positions = packed.positions(matrix.pattern)
    func unpacked(_ blocks: Range<Int>, into values: [Float]) -> [Float] {
      var values = values
      packed.forEachRun(ofRowBlocks: blocks, positions: positions) { entries, position in
        values.replaceSubrange(position..<position + entries.count, with: sums[entries])
      }
      return values
    }
    let all = unpacked(packed.cut.rowBlocks.indices, into: Array(repeating: .nan, count: matrix.nnz))
    #expect(all == matrix.values)
    for (block, rows) in packed.cut.rowBlocks.enumerated() {
      let got = unpacked(block..<block + 1, into: Array(repeating: 12345.5, count: matrix.nnz))
      let offsets = matrix.pattern.rowOffsets
      let own = Int(offsets[rows.lowerBound])..<Int(offsets[rows.upperBound])
      #expect(got.indices.allSatisfy { got[$0] == (own.contains($0) ? matrix.values[$0] : 12345.5) }, "\(rows)")
      var rest = sums
      packed.clear(rowBlocks: block..<block + 1, of: &rest)
      #expect(rest.filter { $0 == 0 }.count == own.count + sums.filter { $0 == 0 }.count)
    }
  }

  @Test(arguments: settings.indices, WeightPattern.allCases)
  func replacedValuesAreThoseOfAFreshPacking(index: Int, pattern: WeightPattern) throws {
    let setting = Self.settings[index]
    let matrix = try matrix(setting, pattern)
    let other = try matrix.replacingValues(matrix.values.indices.map { Float($0) - 0.5 })
    var packed = try pack(setting, matrix)
    packed.replaceValues(other)
    let fresh = try pack(setting, other)
    func bits(_ entries: [snn_spmm_entry]) -> [[UInt32]] { entries.map { [$0.offset, $0.value.bitPattern] } }
    #expect(bits(packed.entries) == bits(fresh.entries))
  }

  @Test(arguments: settings.indices, WeightPattern.allCases)
  func bytesAreEightAnEntryARecordAndTheBlocks(index: Int, pattern: WeightPattern) throws {
    let setting = Self.settings[index]
    let matrix = try matrix(setting, pattern)
    let packed = try pack(setting, matrix)
    let blocks = (packed.cut.rowBlocks.count + 1) * packed.channelBlockCount
    #expect(packed.byteCount <= 8 * matrix.nnz + 8 * packed.records.count + 16 * blocks)
    #expect(packed.records.count <= matrix.rows + min(matrix.nnz, matrix.rows * packed.channelBlockCount))
  }
}
