import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// `snn_f32_winograd_window` against the formula of its header.
@Suite struct WinogradWindowTests {
  /// Runs as `(row, column, tiles)`, the first two of the first window in the image; those of one inner list are one group.
  private static let groups: [[[(Int, Int, Int)]]] = [
    [[(0, 0, 1)]],
    [[(0, 0, 8)], [(3, 1, 8)]],
    // Over every edge, and outside altogether.
    [[(-1, -1, 3), (3, -2, 5)], [(5, 5, 2)]],
    [[(-3, 2, 4), (6, -5, 4)], [(-9, -9, 2), (30, 2, 2), (2, 60, 2), (2, -60, 2)]],
    [[(-1, -1, 1), (-1, 3, 1), (-1, 7, 1), (3, -1, 1), (3, 3, 1), (3, 7, 1), (7, -1, 1), (7, 7, 1)], [(7, 3, 1)]],
    [[(2, -3, 7), (4, 1, 1)], [(0, -1, 6), (4, -1, 2)], [(1, 0, 5), (8, -2, 3)], [(5, 3, 7)]],
  ]

  @Test(arguments: InstructionSetVariant.runnableForWinograd, [(1, 1), (5, 7), (9, 34), (12, 16), (11, 41)])
  func windowsAreTransformed(variant: InstructionSetVariant, size: (height: Int, width: Int)) throws {
    var generator = SeededGenerator(seed: 51)
    for matrices in WinogradMatrices.all {
      for groups in Self.groups {
        for (channelCount, gap) in [(1, 0), (3, 5), (0, 0)] {
          let item = WindowCase(matrices, groups, size, channelCount: channelCount, gap: gap, using: &generator)
          for edge in GuardedEdge.allCases {
            let fault = item.fault(variant, touching: edge)
            try #require(fault == nil, "\(matrices), \(groups), \(channelCount) channels")
          }
        }
      }
    }
  }
}

/// One call: what it is given and what it should leave in the planes.
private struct WindowCase {
  private static let sentinel: Float = 12345.5
  private static let tiles = Int(SNN_WINOGRAD_TILES)

  let matrices: WinogradMatrices
  let groups: [snn_winograd_group]
  let channelCount: Int
  let width: Int
  let planeStride: Int
  let layout: snn_winograd_planes
  /// NaN where no window has an element.
  let image: Window
  /// By the index among the planes.
  private var expected: [Int: (value: Double, bound: Double)] = [:]
  /// The places of tiles that are lacking, which may hold anything.
  private var unsaid: Set<Int> = []
  private let planeCount: Int

  init(
    _ matrices: WinogradMatrices, _ runs: [[(Int, Int, Int)]], _ size: (height: Int, width: Int), channelCount: Int,
    gap: Int, using generator: inout SeededGenerator
  ) {
    (self.matrices, self.channelCount, width) = (matrices, channelCount, size.width)
    planeStride = size.height * size.width + gap
    let channelStride = runs.count * Self.tiles + (gap == 0 ? 0 : Self.tiles)
    layout = snn_winograd_planes(position_stride: channelCount * channelStride + 3 * gap, channel_stride: channelStride)
    groups = runs.map { Self.group($0, matrices, size) }
    let (m, n) = (matrices.m, matrices.n)
    planeCount =
      channelCount == 0
      ? 0 : (n * n - 1) * layout.position_stride + (channelCount - 1) * channelStride + runs.count * Self.tiles
    let planeStride = planeStride
    var elements: [Int: Float] = [:]
    for c in 0..<channelCount {
      for (g, group) in runs.enumerated() {
        var tile = g * Self.tiles
        for (row, column, count) in group {
          for t in 0..<count {
            let window = (0..<n).map { p in
              (0..<n).map { q -> Double in
                let (y, x) = (row + p, column + m * t + q)
                if y < 0 || y >= size.height || x < 0 || x >= size.width { return 0 }
                let place = c * planeStride + y * size.width + x
                let element = elements[place] ?? generator.nextFloat(in: -1..<1)
                elements[place] = element
                return Double(element)
              }
            }
            let transformed = WinogradMatrices.transform(matrices.window, window).joined()
            for (position, element) in transformed.enumerated() {
              expected[position * layout.position_stride + c * channelStride + tile] = element
            }
            tile += 1
          }
        }
        for lacking in tile..<(g + 1) * Self.tiles {
          for position in 0..<n * n {
            unsaid.insert(position * layout.position_stride + c * channelStride + lacking)
          }
        }
      }
    }
    var image = Window(LaneRow.span(Array(elements.keys)), unnamed: .nan)
    for (place, element) in elements { image[place] = element }
    self.image = image
  }

  private static func group(
    _ runs: [(Int, Int, Int)], _ matrices: WinogradMatrices, _ size: (height: Int, width: Int)
  ) -> snn_winograd_group {
    var group = snn_winograd_group()
    group.run_count = runs.count
    withUnsafeMutableBytes(of: &group.run) { bytes in
      for (index, (row, column, count)) in runs.enumerated() {
        bytes.bindMemory(to: snn_winograd_run.self)[index] = snn_winograd_run(
          offset: row * size.width + column, tile_count: Int32(count), first_row: Int32(max(0, -row)),
          end_row: Int32(min(matrices.n, size.height - row)), first_column: Int32(max(0, -column)),
          end_column: Int32(min(matrices.m * count + 2, size.width - column)))
      }
    }
    return group
  }

  /// What is wrong after a call, or nil.
  func fault(_ variant: InstructionSetVariant, touching edge: GuardedEdge) -> String? {
    let source = image.guarded(touching: edge)
    let planes = GuardedPages(
      [Float](repeating: Self.sentinel, count: planeCount), touching: edge, isWritable: true)
    let descriptions = GuardedPages(groups, touching: edge, isWritable: false)
    withUnsafePointer(to: layout) { layout in
      withExtendedLifetime((source, planes, descriptions)) {
        variant.winogradWindow(
          m: matrices.m, descriptions.start, count: groups.count, input: image.origin(in: source), width: width,
          planeStride: planeStride, channelCount: channelCount, layout: layout, planes: planes.start)
      }
    }
    for (index, got) in planes.elements.enumerated() where !unsaid.contains(index) {
      guard let (value, bound) = expected[index] else {
        if got != Self.sentinel { return "element \(index) was written" }
        continue
      }
      if !(abs(Double(got) - value) <= bound) { return "element \(index) is \(got), expected \(value) within \(bound)" }
    }
    return planes.isRestIntact ? nil : "memory beside the planes was written"
  }
}
