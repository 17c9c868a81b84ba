import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// `snn_f32_spmm_windowed` against the variant that it runs, on a copy that is made here.
@Suite struct WindowedSpMMTests {
  private static var variants: [SpMMVariant] { SpMMVariant.runnable.filter { $0.rows == 1 } }

  @Test(arguments: variants)
  func aWindowIsCopiedAndMultiplied(variant: SpMMVariant) throws {
    var generator = SeededGenerator(seed: 21)
    for size in variant.tiles where size.tail != nil && !size.isPadded {
      for channelCount in [1, 2, 5] {
        for extraVectors in [0, 1, 3] {
          for planeStride in [size.width, size.width + 3, -size.width - 1, 1] {
            let item = WindowedCase(
              size, channelCount: channelCount, copiedVectors: size.columns + extraVectors, planeStride: planeStride,
              using: &generator)
            let fault = item.fault(variant)
            try #require(fault == nil)
          }
        }
      }
    }
  }

  /// As many channels as the copy has room for.
  @Test(arguments: variants)
  func theLargestWindowFits(variant: SpMMVariant) {
    var generator = SeededGenerator(seed: 22)
    for tail in [1, 7, variant.lanes] {
      let size = variant.size(tail: tail)
      let channelCount = SNN_SPMM_WINDOW / (size.lanes * size.columns)
      let item = WindowedCase(
        size, channelCount: channelCount, copiedVectors: size.columns, planeStride: size.width + 1, using: &generator)
      let fault = item.fault(variant)
      #expect(fault == nil)
    }
  }

  /// Without channels nothing is copied, and planes may be nowhere.
  @Test(arguments: variants)
  func noChannelsAreNoCopy(variant: SpMMVariant) {
    var generator = SeededGenerator(seed: 23)
    let size = variant.size(tail: 3)
    let script = SpMMScript(channels: [[SpMMScript.Step(count: 0, isStart: true, isFinish: true)]])
    let item = WindowedCase(
      size, channelCount: 0, copiedVectors: size.columns, planeStride: 1, script: script, using: &generator)
    let fault = item.fault(variant)
    #expect(fault == nil)
  }
}

/// One call: what it is given. Planes are NaN where no row of the window lies.
private struct WindowedCase: CustomStringConvertible {
  let size: SpMMTileSize
  let channelCount: Int
  let copiedLength: Int
  let planeStride: Int
  let records: [snn_spmm_record]
  let entries: [snn_spmm_entry]
  let planes: Window
  let y: [Float]
  let bias: [Float]

  init(
    _ size: SpMMTileSize, channelCount: Int, copiedVectors: Int, planeStride: Int, script: SpMMScript = .everyKind,
    using generator: inout SeededGenerator
  ) {
    (self.size, self.channelCount, self.planeStride) = (size, channelCount, planeStride)
    copiedLength = copiedVectors * size.lanes
    // Whole vectors, since a variant may take what follows the last float that it needs.
    let spare = copiedLength - size.columns * size.lanes
    records = script.records(first: 0, using: &generator)
    var entries: [snn_spmm_entry] = []
    for _ in 0..<records.reduce(0, { $0 + $1.entryCount }) {
      // Some reach into the zeros that a row ends with.
      let shift = generator.nextIndex(below: 3) == 0 ? generator.nextIndex(below: spare + 1) : 0
      let offset = generator.nextIndex(below: channelCount) * copiedLength + shift
      entries.append(snn_spmm_entry(offset: UInt32(offset), value: generator.nextFloat(in: -1..<1)))
    }
    self.entries = entries
    let last = (channelCount - 1) * planeStride
    var planes = Window(
      channelCount == 0 ? 0..<0 : min(0, last)..<max(0, last) + size.width, unnamed: .nan)
    for c in 0..<channelCount {
      for i in 0..<size.width { planes[c * planeStride + i] = generator.nextFloat(in: -1..<1) }
    }
    self.planes = planes
    y = (0..<(script.channelRange - 1) * (size.width + 3) + size.width).map { _ in generator.nextFloat(in: -1..<1) }
    bias = (0..<script.channelRange).map { _ in generator.nextFloat(in: -1..<1) }
  }

  var description: String {
    "\(size), \(channelCount) channels \(planeStride) apart, rows of \(copiedLength) in the copy"
  }

  /// The copy as the header has it.
  private var copy: [Float] {
    (0..<channelCount).flatMap { c in
      (0..<copiedLength).map { $0 < size.width ? planes[c * planeStride + $0] : 0 }
    }
  }

  /// What is wrong after a call, or nil: the variant itself must make the same of the copy, bit for bit.
  func fault(_ variant: SpMMVariant) -> String? {
    let copy = copy
    var expected = y
    run(y: &expected) { tile in
      var tile = tile
      copy.withUnsafeBufferPointer { copy in
        // Without a copy there is no entry that would read it.
        tile.x = copy.baseAddress ?? tile.x
        let whole = variant.size(tail: size.tail == size.lanes ? nil : size.tail)
        variant.run(whole, tile, records, count: records.count, entries)
      }
    }
    for edge in GuardedEdge.allCases {
      let source = planes.guarded(touching: edge)
      let guardedRecords = GuardedPages(records, touching: edge, isWritable: false)
      let guardedEntries = GuardedPages(entries, touching: edge, isWritable: false)
      var got = y
      run(y: &got) { tile in
        let window = snn_spmm_window(
          planes: planes.origin(in: source), plane_stride: planeStride, channel_count: channelCount,
          length: size.width, copied_length: copiedLength)
        withUnsafePointer(to: variant.kernel) { kernel in
          withUnsafePointer(to: tile) { tile in
            withUnsafePointer(to: window) { window in
              withExtendedLifetime((source, guardedRecords, guardedEntries)) {
                snn_f32_spmm_windowed(
                  kernel, tile, window, guardedRecords.start, records.count, guardedEntries.start)
              }
            }
          }
        }
      }
      for index in y.indices where got[index].bitPattern != expected[index].bitPattern {
        return "\(self): y[\(index)] is \(got[index]), expected \(expected[index])"
      }
    }
    return nil
  }

  /// Calls `body` with a tile whose `x` leads nowhere, and whose y is in guarded memory.
  private func run(y: inout [Float], _ body: (snn_spmm_tile) -> Void) {
    let pages = GuardedPages(y, touching: .end, isWritable: true)
    let nowhere = GuardedPages<Float>([], touching: .end, isWritable: false)
    withExtendedLifetime((pages, nowhere)) {
      bias.withUnsafeBufferPointer { bias in
        let epilogue = snn_f32_epilogue(bias: bias.baseAddress, residual: nil, lower: -2, upper: 3)
        withUnsafePointer(to: epilogue) { epilogue in
          body(
            snn_spmm_tile(
              x: nowhere.start, y: pages.start, x_row_stride: 0, y_row_stride: 0, y_channel_stride: size.width + 3,
              tail: UInt32(size.tail ?? size.lanes), epilogue: epilogue))
        }
      }
    }
    y = pages.elements
  }
}
