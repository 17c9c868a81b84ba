import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// `snn_f32_winograd_output` against the formula of its header.
@Suite struct WinogradOutputTests {
  /// Numbers of tiles around one and two vectors, on outputs that divide into tiles and that do not.
  @Test(
    arguments: InstructionSetVariant.runnableForWinograd,
    [(4, 32), (8, 64), (3, 5), (7, 13), (9, 34), (2, 31), (1, 1)])
  func tilesAreTransformedFinishedAndStored(variant: InstructionSetVariant, size: (height: Int, width: Int)) throws {
    var generator = SeededGenerator(seed: 52)
    for matrices in WinogradMatrices.all {
      let perLine = (size.width + matrices.m - 1) / matrices.m
      let all = (size.height + matrices.m - 1) / matrices.m * perLine
      for count in Set([0, 1, 7, 8, 9, 15, 16, 17, all].map { min($0, all) }) {
        for (channelCount, gap) in [(1, 0), (3, 5)] {
          for epilogue in Epilogue.all {
            let tiles = Array((0..<all).shuffled(using: &generator).prefix(count))
            // In order too, as convolutions have them.
            for tiles in [tiles, Array(0..<count)] {
              let item = OutputCase(
                matrices, tiles, size, channelCount: channelCount, gap: gap, epilogue, using: &generator)
              for edge in GuardedEdge.allCases {
                let fault = item.fault(variant, touching: edge)
                try #require(fault == nil, "\(matrices), tiles \(tiles), \(channelCount) channels, \(epilogue)")
              }
            }
          }
        }
      }
    }
  }
}

/// One call: what it is given and what it should leave in the output.
private struct OutputCase {
  private static let sentinel: Float = 12345.5

  let matrices: WinogradMatrices
  let tiles: [snn_winograd_tile]
  let channelCount: Int
  let epilogue: Epilogue
  let width: Int
  let planeStride: Int
  let layout: snn_winograd_planes
  /// NaN where there is no tile, also in the rest of a vector.
  private let planes: Window
  private let bias: [Float]
  private var residual: Window
  private var expected: [Int: (value: Double, bound: Double)] = [:]
  private let places: Range<Int>

  init(
    _ matrices: WinogradMatrices, _ tiles: [Int], _ size: (height: Int, width: Int), channelCount: Int, gap: Int,
    _ epilogue: Epilogue, using generator: inout SeededGenerator
  ) {
    (self.matrices, self.channelCount, self.epilogue, width) = (matrices, channelCount, epilogue, size.width)
    planeStride = size.height * size.width + gap
    let (m, n) = (matrices.m, matrices.n)
    let whole = (tiles.count + 7) / 8 * 8
    let channelStride = whole + (gap == 0 ? 0 : 8)
    layout = snn_winograd_planes(position_stride: channelCount * channelStride + 3 * gap, channel_stride: channelStride)
    let perLine = (size.width + m - 1) / m
    let corners = tiles.map { (y: $0 / perLine * m, x: $0 % perLine * m) }
    self.tiles = corners.map { corner in
      snn_winograd_tile(
        offset: corner.y * size.width + corner.x, row_count: Int32(min(m, size.height - corner.y)),
        column_count: Int32(min(m, size.width - corner.x)))
    }
    bias = (0..<channelCount).map { _ in generator.nextFloat(in: -2..<2) }
    let count = whole == 0 ? 0 : (n * n - 1) * layout.position_stride + (channelCount - 1) * channelStride + whole
    let positionStride = layout.position_stride
    var planes = Window(0..<count, unnamed: .nan)
    var addends: [Int: Float] = [:]
    for c in 0..<channelCount {
      for (t, tile) in self.tiles.enumerated() {
        // A tile that is not a number must stay so, by itself.
        let isSpoilt = generator.nextIndex(below: 12) == 0
        let sums = (0..<n).map { i in
          (0..<n).map { j -> Double in
            let sum = isSpoilt && i == 1 && j == 1 ? .nan : generator.nextFloat(in: -1..<1)
            planes[(n * i + j) * positionStride + c * channelStride + t] = sum
            return Double(sum)
          }
        }
        let results = WinogradMatrices.transform(matrices.output, sums)
        for y in 0..<Int(tile.row_count) {
          for x in 0..<Int(tile.column_count) {
            let place = c * planeStride + tile.offset + y * size.width + x
            let addend = generator.nextFloat(in: -2..<2)
            addends[place] = addend
            let value = epilogue.finished(
              results[y][x].value, bias: epilogue.hasBias ? bias[c] : nil,
              residual: epilogue.hasResidual ? addend : nil)
            // Two more sums, of which each is rounded.
            let added = 2 * Double(Float.ulpOfOne) * (abs(results[y][x].value) + 4)
            expected[place] = (value, results[y][x].bound + added)
          }
        }
      }
    }
    self.planes = planes
    places = LaneRow.span(Array(expected.keys))
    residual = Window(places, unnamed: .nan)
    for (place, addend) in addends { residual[place] = addend }
  }

  /// What is wrong after a call, or nil.
  func fault(_ variant: InstructionSetVariant, touching edge: GuardedEdge) -> String? {
    let source = planes.guarded(touching: edge)
    var before = Window(places, unnamed: Self.sentinel)
    for place in expected.keys { before[place] = .nan }
    let output = before.guarded(touching: edge, isWritable: true)
    let addends = residual.guarded(touching: edge)
    // Without outputs nobody needs the bias.
    let biases = GuardedPages(
      tiles.isEmpty ? [Float](repeating: 0, count: channelCount) : bias, touching: edge, isWritable: false)
    let descriptions = GuardedPages(tiles, touching: edge, isWritable: false)
    let parts = snn_f32_epilogue(
      bias: epilogue.hasBias ? UnsafePointer(biases.start) : nil,
      residual: epilogue.hasResidual ? UnsafePointer(residual.origin(in: addends)) : nil, lower: epilogue.lower,
      upper: epilogue.upper)
    withUnsafePointer(to: layout) { layout in
      withUnsafePointer(to: parts) { parts in
        withExtendedLifetime((source, output, addends, biases, descriptions)) {
          variant.winogradOutput(
            m: matrices.m, descriptions.start, count: tiles.count, planes: planes.origin(in: source), layout: layout,
            channelCount: channelCount, epilogue: parts, output: before.origin(in: output), width: width,
            planeStride: planeStride)
        }
      }
    }
    for (index, got) in output.elements.enumerated() {
      guard let (value, bound) = expected[index + places.lowerBound] else {
        if got != Self.sentinel { return "element \(index + places.lowerBound) was written" }
        continue
      }
      if value.isNaN ? !got.isNaN : !(abs(Double(got) - value) <= bound) {
        return "element \(index + places.lowerBound) is \(got), expected \(value) within \(bound)"
      }
    }
    return output.isRestIntact ? nil : "memory beside the output was written"
  }
}
