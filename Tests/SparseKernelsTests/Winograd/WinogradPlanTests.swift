import CMicroKernels
import TensorCore
import Testing

@testable import SparseKernels

/// How a Winograd convolution is cut.
@Suite struct WinogradPlanTests {
  /// Large images take the larger tile, and small ones where it would compute mostly what nobody wants the smaller.
  @Test(arguments: [
    ("mb1ic64ih224oc64kh3ph1", 4), ("mb1ic512ih28oc512kh3ph1", 4), ("mb1ic256ih14oc256kh3ph1", 4),
    ("mb16ic512ih7oc512kh3ph1", 4), ("mb1ic512ih7oc512kh3ph1", 2), ("mb1ic96ih10oc96kh3ph1", 2),
    ("mb1ic512ih4oc512kh3", 2), ("mb1ic8ih4oc8kh3", 2),
  ])
  func theTileThatWastesLessIsTaken(line: String, outputs: Int) throws {
    #expect(WinogradPlan.tile(for: try ConvProblem(benchdnn: line)).outputs == outputs)
  }

  static let lines = [
    "mb1ic64ih224oc64kh3ph1", "mb1ic512ih28oc512kh3ph1", "mb3ic5ih9iw7oc6kh3ph1", "mb17ic3ih3oc4kh3",
    "g4mb2ic16ih11oc8kh3ph2", "mb1ic1ih1oc1kh3ph1",
  ]

  @Test(arguments: WinogradTile.allCases, lines)
  func blocksHaveEveryTileOnce(tile: WinogradTile, line: String) throws {
    let plan = WinogradPlan(try ConvProblem(benchdnn: line), tile: tile)
    #expect((0..<plan.blockCount).flatMap { Array(plan.tiles(ofBlock: $0)) } == Array(0..<plan.tileCount))
    #expect(plan.blockTileCount % Int(SNN_WINOGRAD_TILES) == 0 && plan.blockTileCount <= 64)
    let (inputs, sums) = (plan.inputLayout, plan.sumLayout)
    for layout in [inputs, sums] {
      #expect(layout.channel_stride >= plan.blockTileCount && layout.channel_stride % 16 == 0)
      #expect(layout.position_stride % 32 == 16, "an odd number of cache lines")
    }
    #expect(inputs.position_stride >= plan.problem.inputChannelsPerGroup * inputs.channel_stride)
    #expect(sums.position_stride >= plan.problem.outputChannelsPerGroup * sums.channel_stride)
  }

  /// Every output is of exactly one tile, and every window begins where its tile's first output does.
  @Test(arguments: WinogradTile.allCases, lines)
  func tilesCoverTheOutput(tile: WinogradTile, line: String) throws {
    let problem = try ConvProblem(benchdnn: line)
    let plan = WinogradPlan(problem, tile: tile)
    let count = plan.blockTileCount
    let tiles = UnsafeMutablePointer<snn_winograd_tile>.allocate(capacity: count)
    let groups = UnsafeMutablePointer<snn_winograd_group>.allocate(capacity: plan.groupCount)
    defer {
      tiles.deallocate()
      groups.deallocate()
    }
    let lastGroup = problem.groups - 1
    var covered = [Int](repeating: 0, count: problem.batch * problem.outputPixels)
    for block in 0..<plan.blockCount {
      let range = plan.tiles(ofBlock: block)
      plan.describeOutputs(range, group: lastGroup, into: tiles)
      let described = plan.describeWindows(range, group: lastGroup, into: groups)
      #expect(described == (range.count + 7) / 8)
      let offsets = (0..<described).flatMap { Self.windowOffsets(groups[$0], step: tile.outputs) }
      try #require(offsets.count == range.count)
      for index in 0..<range.count {
        let output = tiles[index]
        let (plane, pixel) = output.offset.quotientAndRemainder(dividingBy: problem.outputPixels)
        let (image, channel) = plane.quotientAndRemainder(dividingBy: problem.outputChannels)
        #expect(channel == lastGroup * problem.outputChannelsPerGroup)
        let (y, x) = pixel.quotientAndRemainder(dividingBy: problem.outputSize.width)
        let inputPlane = image * problem.inputChannels + lastGroup * problem.inputChannelsPerGroup
        let row = inputPlane * problem.inputSize.height + y - problem.padding.top
        #expect(offsets[index] == row * problem.inputSize.width + x - problem.padding.left)
        for row in 0..<Int(output.row_count) {
          for column in 0..<Int(output.column_count) {
            covered[image * problem.outputPixels + (y + row) * problem.outputSize.width + x + column] += 1
          }
        }
      }
    }
    #expect(covered.allSatisfy { $0 == 1 })
  }

  /// Where each window of a group begins.
  private static func windowOffsets(_ group: snn_winograd_group, step: Int) -> [Int] {
    withUnsafeBytes(of: group.run) { bytes in
      bytes.bindMemory(to: snn_winograd_run.self).prefix(group.run_count).flatMap { run in
        (0..<Int(run.tile_count)).map { run.offset + step * $0 }
      }
    }
  }

  /// Each product is small enough to be computed without copies, but for those that no cut makes so.
  @Test(arguments: lines)
  func productsAreSmall(line: String) throws {
    let plan = WinogradPlan(try ConvProblem(benchdnn: line), tile: .four)
    for count in [1, 8, plan.blockTileCount] {
      let rows = plan.productRows(tileCount: count)
      #expect(rows >= 1 && (rows <= 8 || rows * count * plan.problem.inputChannelsPerGroup <= 1_000_000))
    }
  }
}
