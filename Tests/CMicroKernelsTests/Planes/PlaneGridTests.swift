import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// `f32_planes.h` against its formulas, with pages on either side that nobody may touch.
@Suite struct PlaneGridTests {
  /// Grids of planes of every width around whole vectors, which end with the plane or before.
  static let grids: [(grid: snn_plane_grid, planeRows: Int)] = {
    var grids: [(snn_plane_grid, Int)] = []
    for columns in [1, 2, 3, 4, 5, 7, 8, 9, 16, 27, 28] {
      for (rowStride, columnStride) in [(1, 1), (2, 2), (1, 2), (2, 1), (3, 3), (1, 5)] {
        for rows in [1, 2, 5] {
          for beyond in Set([0, columnStride - 1, columnStride + 2]) {
            let grid = snn_plane_grid(
              rows: rows, columns: columns, row_stride: rowStride, column_stride: columnStride,
              plane_columns: (columns - 1) * columnStride + 1 + beyond)
            for planeRows in Set([(rows - 1) * rowStride + 1, rows * rowStride, rows * rowStride + 1]) {
              grids.append((grid, planeRows))
            }
          }
        }
      }
    }
    return grids
  }()

  /// Where the elements of a grid are in its plane, row by row.
  private func places(_ grid: snn_plane_grid) -> [Int] {
    (0..<grid.rows).flatMap { r in
      (0..<grid.columns).map { r * grid.row_stride * grid.plane_columns + $0 * grid.column_stride }
    }
  }

  @Test func elementsComeTogether() throws {
    var generator = SeededGenerator(seed: 81)
    for (grid, _) in Self.grids {
      let places = places(grid)
      // The plane ends with the last element of the grid.
      let plane = (0...(places.last ?? 0)).map { _ in generator.nextFloat(in: -1..<1) }
      let expected = places.map { plane[$0] }
      for edge in GuardedEdge.allCases {
        let from = GuardedPages(plane, touching: edge, isWritable: false)
        let to = GuardedPages([Float](repeating: .nan, count: expected.count), touching: edge, isWritable: true)
        withUnsafePointer(to: grid) { snn_f32_compact(from.start, $0, to.start) }
        try #require(to.elements == expected && to.isRestIntact, "\(grid)")
      }
    }
  }

  @Test(arguments: [false, true])
  func elementsAreSpread(pastCache: Bool) throws {
    var generator = SeededGenerator(seed: 82)
    for (grid, planeRows) in Self.grids {
      let elements = (0..<grid.rows * grid.columns).map { _ in generator.nextFloat(in: -1..<1) }
      var expected = [Float](repeating: 0, count: planeRows * grid.plane_columns)
      for (place, element) in zip(places(grid), elements) { expected[place] = element }
      for edge in GuardedEdge.allCases {
        let from = GuardedPages(elements, touching: edge, isWritable: false)
        let to = GuardedPages([Float](repeating: .nan, count: expected.count), touching: edge, isWritable: true)
        withUnsafePointer(to: grid) { snn_f32_spread(from.start, $0, planeRows, pastCache ? 1 : 0, to.start) }
        snn_stream_fence()
        try #require(to.elements == expected && to.isRestIntact, "\(grid), \(planeRows) rows")
      }
    }
  }

  /// Copies that begin and end anywhere within a line.
  @Test func floatsAreCopiedPastTheCache() throws {
    var generator = SeededGenerator(seed: 83)
    for count in Array(0...40) + [784, 1003] {
      let elements = (0..<count).map { _ in generator.nextFloat(in: -1..<1) }
      for edge in GuardedEdge.allCases {
        let from = GuardedPages(elements, touching: edge, isWritable: false)
        let to = GuardedPages([Float](repeating: .nan, count: count), touching: edge, isWritable: true)
        snn_f32_stream(from.start, count, to.start)
        snn_stream_fence()
        try #require(to.elements == elements && to.isRestIntact, "\(count) floats")
      }
    }
  }
}
