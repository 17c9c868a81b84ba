import CMicroKernels
import TensorCore
import TestSupport

/// One call of a variant of f32_sddmm: what it is given, in guarded memory, and what it should make of it.
struct SDDMMCase {
  let size: SpMMTileSize
  /// Its y is the operand g.
  let layout: SpMMLayout
  let records: [snn_spmm_record]
  /// Their values are NaN, since nobody may read them.
  let entries: [snn_spmm_entry]
  /// NaN where the formula names no element, as in `g`.
  let x: Window
  let g: Window
  /// What the sums were before.
  let sums: [Float]

  /// Around the eight or sixteen entries whose sums a vector variant adds up together.
  static let everyCount = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 0, 1, 7, 25, 31, 32, 33]

  /// - Parameter counts: entries of the records, which come in any order.
  init(
    _ size: SpMMTileSize, _ layout: SpMMLayout, _ numbers: Numbers, counts: [Int] = Self.everyCount,
    using generator: inout SeededGenerator
  ) {
    (self.size, self.layout) = (size, layout)
    let counts = counts.shuffled(using: &generator)
    // Several records for a row, and flags that have no meaning here.
    records = counts.map { count in
      let row = layout.firstChannel + generator.nextIndex(below: Self.channelCount)
      let flags = [0, SNN_SPMM_STARTS, SNN_SPMM_FINISHES, SNN_SPMM_STARTS | SNN_SPMM_FINISHES]
      return snn_spmm_record(row: UInt32(row), count: UInt32(count) | flags[generator.nextIndex(below: 4)])
    }
    entries = (0..<counts.reduce(0, +)).map { _ in
      let step = generator.nextIndex(below: 64 / layout.offsetStep)
      return snn_spmm_entry(offset: UInt32(layout.firstOffset + step * layout.offsetStep), value: .nan)
    }
    x = SpMMCase.elements(
      at: Set(entries.map { Int($0.offset) }), size, rowStride: layout.xRowStride, unnamed: .nan
    ) { _ in numbers.next(using: &generator) }
    let used = records.filter { $0.entryCount > 0 }.map { Int($0.row) * layout.yChannelStride }
    g = SpMMCase.elements(at: Set(used), size, rowStride: layout.yRowStride, unnamed: .nan) { _ in
      numbers.next(using: &generator)
    }
    sums = entries.map { _ in numbers.next(using: &generator) }
  }

  /// Successive rows that records use or leave out.
  static let channelCount = 5

  /// Runs a variant on memory that touches inaccessible pages, and returns the sums that it left.
  ///
  /// - Throws: ``WriteOutside`` if it wrote on the side where that is possible.
  func run(_ variant: SDDMMVariant, touching edge: GuardedEdge) throws -> [Float] {
    let x = x.guarded(touching: edge)
    let g = g.guarded(touching: edge)
    let sums = GuardedPages(sums, touching: edge, isWritable: true)
    let records = GuardedPages(records, touching: edge, isWritable: false)
    let entries = GuardedPages(entries, touching: edge, isWritable: false)
    let tile = snn_sddmm_tile(
      x: self.x.origin(in: x), g: self.g.origin(in: g), x_row_stride: layout.xRowStride,
      g_row_stride: layout.yRowStride, g_channel_stride: layout.yChannelStride)
    withExtendedLifetime((x, g, sums, records, entries)) {
      withUnsafePointer(to: tile) {
        variant.kernel.function(
          $0, records.start, self.records.count, entries.start, sums.start)
      }
    }
    if !sums.isRestIntact { throw WriteOutside(description: "\(variant.name): \(self) wrote beside the sums") }
    return sums.elements
  }

  /// What is wrong with the sums after a call, or nil.
  ///
  /// Bounds are those of ``SpMMCase/faults(_:_:)``.
  func fault(_ got: [Float], _ numbers: Numbers) -> String? {
    let (expected, terms) = specification
    for index in expected.indices {
      let isExact = numbers != .floats || terms[index] == 0
      let bound = isExact ? 0 : 2 * Double(Float.ulpOfOne) * Double(terms[index] + 1)
      let isRight = expected[index].isNaN ? got[index].isNaN : abs(Double(got[index]) - expected[index]) <= bound
      if !isRight {
        return
          "\(self): element \(index) is \(got[index]), expected \(expected[index]) within \(bound)"
      }
    }
    return nil
  }

  /// The sums by the formula of f32_sddmm.h in `Double`, and how many terms each has.
  private var specification: (expected: [Double], terms: [Int]) {
    var expected = sums.map(Double.init)
    var terms = Array(repeating: 0, count: expected.count)
    var next = 0
    for record in records {
      for entry in entries[next..<next + record.entryCount] {
        var sum = 0.0
        for r in 0..<size.rows {
          for v in 0..<size.width {
            sum +=
              Double(g[Int(record.row) * layout.yChannelStride + r * layout.yRowStride + v])
              * Double(x[Int(entry.offset) + r * layout.xRowStride + v])
          }
        }
        expected[next] += sum
        // What was there before is a term too.
        terms[next] = size.rows * size.width + 1
        next += 1
      }
    }
    return (expected, terms)
  }
}

extension SDDMMCase: CustomStringConvertible {
  var description: String { "\(size), \(layout), \(records.map(\.entryCount)) entries" }
}
