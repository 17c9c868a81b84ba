import CMicroKernels
import TensorCore
import TestSupport

/// One call of a variant of f32_sddmm: what it is given, in guarded memory, and what it should make of it.
struct SDDMMCase {
  let size: SpMMTileSize
  /// Its y is the operand g.
  let layout: SpMMLayout
  let records: [snn_spmm_record]
  let positions: [UInt32]
  /// Their values are NaN, since nobody may read them.
  let entries: [snn_spmm_entry]
  /// NaN where the formula names no element, as in `g`.
  let x: Window
  let g: Window
  /// The sentinel where the formula names no element.
  let gradient: Window
  private static let sentinel: Float = 12345.5

  /// Around the eight or sixteen entries whose sums a vector variant adds up together.
  static let everyCount = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 0, 1, 7, 25, 31, 32, 33]

  /// - Parameter counts: entries of the records; the first record comes once more at the end, with the same position.
  init(
    _ size: SpMMTileSize, _ layout: SpMMLayout, _ numbers: Numbers, counts: [Int] = Self.everyCount,
    using generator: inout SeededGenerator
  ) {
    (self.size, self.layout) = (size, layout)
    // Some records are neighbours in the gradient, others have one or two elements between them.
    var next = layout.firstOffset
    var places: [(count: Int, position: Int)] = []
    for count in counts {
      places.append((count, next))
      next += count + generator.nextIndex(below: 3)
    }
    places.shuffle(using: &generator)
    places += places.prefix(1)
    positions = places.map { UInt32($0.position) }
    // Several records for a row, and flags that have no meaning here.
    records = places.map { place in
      let row = layout.firstChannel + generator.nextIndex(below: Self.channelCount)
      let flags = [0, SNN_SPMM_STARTS, SNN_SPMM_FINISHES, SNN_SPMM_STARTS | SNN_SPMM_FINISHES]
      return snn_spmm_record(row: UInt32(row), count: UInt32(place.count) | flags[generator.nextIndex(below: 4)])
    }
    entries = (0..<places.reduce(0) { $0 + $1.count }).map { _ in
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
    let filled = places.filter { $0.count > 0 }
    var gradient = Window(
      (filled.map(\.position).min() ?? 0)..<(filled.map { $0.position + $0.count }.max() ?? 0),
      unnamed: Self.sentinel)
    for place in filled {
      for index in place.position..<place.position + place.count { gradient[index] = numbers.next(using: &generator) }
    }
    self.gradient = gradient
  }

  /// Successive rows that records use or leave out.
  static let channelCount = 5

  /// Runs a variant on memory that touches inaccessible pages, and returns what it left in the gradient.
  ///
  /// - Throws: ``WriteOutside`` if it wrote on the side where that is possible.
  func run(_ variant: SDDMMVariant, touching edge: GuardedEdge) throws -> [Float] {
    let x = x.guarded(touching: edge)
    let g = g.guarded(touching: edge)
    let gradient = gradient.guarded(touching: edge, isWritable: true)
    let records = GuardedPages(records, touching: edge, isWritable: false)
    let positions = GuardedPages(positions, touching: edge, isWritable: false)
    let entries = GuardedPages(entries, touching: edge, isWritable: false)
    let tile = snn_sddmm_tile(
      x: self.x.origin(in: x), g: self.g.origin(in: g), x_row_stride: layout.xRowStride,
      g_row_stride: layout.yRowStride, g_channel_stride: layout.yChannelStride)
    withExtendedLifetime((x, g, gradient, records, positions, entries)) {
      withUnsafePointer(to: tile) {
        variant.kernel.function(
          $0, records.start, positions.start, self.records.count, entries.start, self.gradient.origin(in: gradient))
      }
    }
    if !gradient.isRestIntact {
      throw WriteOutside(description: "\(variant.name): \(self) wrote beside the gradient")
    }
    return gradient.elements
  }

  /// What is wrong with what is in the gradient after a call, or nil.
  ///
  /// Bounds are those of ``SpMMCase/faults(_:_:)``; elements that are not named must be as they were.
  func fault(_ got: [Float], _ numbers: Numbers) -> String? {
    let (expected, terms) = specification
    for index in expected.indices {
      let isExact = numbers != .floats || terms[index] == 0
      let bound = isExact ? 0 : 2 * Double(Float.ulpOfOne) * Double(terms[index] + 1)
      let isRight = expected[index].isNaN ? got[index].isNaN : abs(Double(got[index]) - expected[index]) <= bound
      if !isRight {
        return
          "\(self): element \(index + gradient.lower) is \(got[index]), expected \(expected[index]) within \(bound)"
      }
    }
    return nil
  }

  /// What the gradient should hold, by the formula of f32_sddmm.h in `Double`, and how many terms each element's sum has; no
  /// term where nothing is named.
  private var specification: (expected: [Double], terms: [Int]) {
    var expected = gradient.values.map(Double.init)
    var terms = Array(repeating: 0, count: expected.count)
    var remaining = ArraySlice(entries)
    for (record, position) in zip(records, positions) {
      for (e, entry) in remaining.prefix(record.entryCount).enumerated() {
        var sum = 0.0
        for r in 0..<size.rows {
          for v in 0..<size.width {
            sum +=
              Double(g[Int(record.row) * layout.yChannelStride + r * layout.yRowStride + v])
              * Double(x[Int(entry.offset) + r * layout.xRowStride + v])
          }
        }
        let place = Int(position) + e - gradient.lower
        expected[place] += sum
        // What the gradient held is a term too.
        terms[place] += size.rows * size.width + 1
      }
      remaining = remaining.dropFirst(record.entryCount)
    }
    return (expected, terms)
  }
}

extension SDDMMCase: CustomStringConvertible {
  var description: String { "\(size), \(layout), \(records.map(\.entryCount)) entries" }
}
