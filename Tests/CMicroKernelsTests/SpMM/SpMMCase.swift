import CMicroKernels
import TensorCore
import TestSupport

/// One call of a variant of f32_spmm: what it is given, in guarded memory, and what it should make of it.
struct SpMMCase {
  let size: SpMMTileSize
  let layout: SpMMLayout
  let epilogue: Epilogue?
  let records: [snn_spmm_record]
  let entries: [snn_spmm_entry]
  /// NaN where the formula names no element.
  let x: Window
  /// NaN where a sum starts, and the sentinel where the formula names no element.
  let y: Window
  /// NaN where no sum is finished, as in `residual`.
  let bias: Window
  let residual: Window
  static let sentinel: Float = 12345.5

  /// - Parameter epilogue: nil for none at all.
  init(
    _ size: SpMMTileSize, _ layout: SpMMLayout, _ epilogue: Epilogue?, _ numbers: Numbers,
    script: SpMMScript = .everyKind, using generator: inout SeededGenerator
  ) {
    (self.size, self.layout, self.epilogue) = (size, layout, epilogue)
    records = script.records(first: layout.firstChannel, using: &generator)
    var entries: [snn_spmm_entry] = []
    for _ in 0..<records.reduce(0, { $0 + $1.entryCount }) {
      let offset = layout.firstOffset + generator.nextIndex(below: 64 / layout.offsetStep) * layout.offsetStep
      // NaN comes from the other operand, often enough.
      let value = numbers == .floats ? numbers.next(using: &generator) : Numbers.integers.next(using: &generator)
      entries.append(snn_spmm_entry(offset: UInt32(offset), value: value))
    }
    self.entries = entries
    x = Self.elements(
      at: Set(entries.map { Int($0.offset) }), size, rowStride: layout.xRowStride, extent: size.readableWidth,
      unnamed: .nan
    ) { _ in numbers.next(using: &generator) }

    let finished = records.filter { epilogue != nil && $0.isFinish }.map { Int($0.row) }
    let (channelStride, rowStride) = (layout.yChannelStride, layout.yRowStride)
    var bias = Window((finished.min() ?? 0)..<(finished.max() ?? -1) + 1, unnamed: .nan)
    for row in finished { bias[row] = numbers.next(using: &generator) }
    self.bias = bias
    residual = Self.elements(at: Set(finished.map { $0 * channelStride }), size, rowStride: rowStride, unnamed: .nan) {
      _ in numbers.next(using: &generator)
    }

    // A channel's first record decides what y may hold.
    let isStarted = Dictionary(records.map { (Int($0.row) * channelStride, $0.isStart) }) { first, _ in first }
    y = Self.elements(at: Set(isStarted.keys), size, rowStride: rowStride, unnamed: Self.sentinel) { place in
      isStarted[place] == true ? .nan : numbers.next(using: &generator)
    }
  }

  /// The elements that a tile names when element [0][0] is at each of `places`.
  ///
  /// - Parameter extent: floats of a row that are there, if more are than are named.
  static func elements(
    at places: Set<Int>, _ size: SpMMTileSize, rowStride: Int, extent: Int? = nil, unnamed: Float,
    _ next: (_ place: Int) -> Float
  ) -> Window {
    let span = SpMMLayout.span(size, rowStride: rowStride, width: extent ?? size.width)
    guard let first = places.min(), let last = places.max() else { return Window(0..<0, unnamed: unnamed) }
    var window = Window(first + span.lowerBound..<last + span.upperBound, unnamed: unnamed)
    for place in places.sorted() {
      for r in 0..<size.rows {
        for v in 0..<size.width { window[place + r * rowStride + v] = next(place) }
      }
    }
    return window
  }

  /// Runs a variant on memory that touches inaccessible pages, and returns what it left in y.
  ///
  /// - Throws: ``WriteOutside`` if it wrote on the side where that is possible.
  func run(_ variant: SpMMVariant, touching edge: GuardedEdge) throws -> [Float] {
    let x = x.guarded(touching: edge)
    let y = y.guarded(touching: edge, isWritable: true)
    let bias = bias.guarded(touching: edge)
    let residual = residual.guarded(touching: edge)
    let records = GuardedPages(records, touching: edge, isWritable: false)
    let entries = GuardedPages(entries, touching: edge, isWritable: false)
    let epilogue = epilogue.map {
      snn_f32_epilogue(
        bias: $0.hasBias ? UnsafePointer(self.bias.origin(in: bias)) : nil,
        residual: $0.hasResidual ? UnsafePointer(self.residual.origin(in: residual)) : nil, lower: $0.lower,
        upper: $0.upper)
    }
    // Variants for whole vectors do not look at the tail.
    var tile = snn_spmm_tile(
      x: self.x.origin(in: x), y: self.y.origin(in: y), x_row_stride: layout.xRowStride,
      y_row_stride: layout.yRowStride, y_channel_stride: layout.yChannelStride, tail: UInt32(size.tail ?? 99),
      epilogue: nil)
    withExtendedLifetime((x, y, bias, residual, records, entries)) {
      if let epilogue {
        withUnsafePointer(to: epilogue) {
          tile.epilogue = $0
          variant.run(size, tile, records.start, count: self.records.count, entries.start)
        }
      } else {
        variant.run(size, tile, records.start, count: self.records.count, entries.start)
      }
    }
    if !y.isRestIntact { throw WriteOutside(description: "\(variant.name): \(self) wrote beside y") }
    return y.elements
  }
}

extension SpMMCase: CustomStringConvertible {
  var description: String { "\(size), \(layout), \(epilogue?.description ?? "no epilogue")" }
}

/// A micro-kernel wrote where nothing is named.
struct WriteOutside: Error, CustomStringConvertible {
  let description: String
}
