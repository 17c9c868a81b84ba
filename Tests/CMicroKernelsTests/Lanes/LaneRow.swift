import CMicroKernels
import TensorCore

/// A row of lanes of several channels: `snn_lane_row`, with places in a plane that no two lanes share.
struct LaneRow: CustomStringConvertible {
  /// Which elements lanes have.
  enum Shape: CaseIterable {
    /// All.
    case full
    /// As at the edges of an image: most of them, where the row is long.
    case nearlyFull
    /// Any.
    case ragged
    /// All, in some lanes, and none in others.
    case someEmpty
    /// None.
    case allEmpty
  }

  let shape: Shape
  let length: Int
  let elementStride: Int
  let channelCount: Int
  let planeStride: Int
  let lanesStride: Int
  /// For each phase of the elements, which row of lanes has its sums, or -1; of what is scattered.
  let phaseRows: [Int32]
  /// Floats from one of these rows to the next.
  let phaseStride: Int
  /// Each lane's elements; none where the first is not below the end.
  let lanes: [(offset: Int, first: Int, end: Int)]

  /// - Parameters:
  ///   - gap: floats between one channel's row of lanes and the next.
  ///   - laneCount: floats of a vector.
  ///   - phaseRows: one for each phase of the elements.
  init(
    _ shape: Shape, length: Int, elementStride: Int, channelCount: Int, gap: Int, laneCount: Int = Int(SNN_LANES),
    phaseRows: [Int32] = [0], using generator: inout SeededGenerator
  ) {
    (self.shape, self.length, self.elementStride, self.channelCount) = (shape, length, elementStride, channelCount)
    // Regions of the plane in any order, with room between them, the first at the plane's beginning.
    let regionStride = length * elementStride + 3
    lanes = (0..<laneCount).shuffled(using: &generator).map { region in
      var (first, end) = (0, length)
      switch shape {
      case .full: break
      case .nearlyFull:
        first = generator.nextIndex(below: min(3, length + 1))
        end = max(first, length - generator.nextIndex(below: 3))
      case .ragged:
        first = generator.nextIndex(below: length + 1)
        end = generator.nextIndex(below: length + 1)
      case .someEmpty: if generator.nextIndex(below: 2) == 0 { end = generator.nextIndex(below: 2) - 1 }
      case .allEmpty: (first, end) = (length, generator.nextIndex(below: length + 1))
      }
      // The first element that there is begins the region, so that element 0 may be before the plane; where there is none,
      // the offset leads nowhere.
      let offset = first < end ? region * regionStride - first * elementStride : 1 << 40
      return (offset, first, end)
    }
    planeStride = laneCount * regionStride + 5
    self.phaseRows = phaseRows
    phaseStride = (length + phaseRows.count - 1) / phaseRows.count * laneCount
    lanesStride = Int((phaseRows.max() ?? 0) + 1) * phaseStride + gap
  }

  /// Floats of a vector.
  var laneCount: Int { lanes.count }

  /// What vectors may have.
  static let laneCounts = [Int(SNN_LANES), Int(SNN_WIDE_LANES)]

  var description: String {
    "\(shape), length \(length), element stride \(elementStride), phases \(phaseRows), \(channelCount) channels, lanes \(lanes)"
  }

  /// Calls `body` with the row as the C functions take it.
  func withRow(_ body: (UnsafePointer<snn_lane_row>) -> Void) {
    phaseRows.withUnsafeBufferPointer { phaseRows in
      var row = row
      row.phase_count = Int32(phaseRows.count)
      row.phase_rows = phaseRows.baseAddress
      row.phase_stride = phaseStride
      body(&row)
    }
  }

  /// The row as gathering takes it.
  var row: snn_lane_row {
    var row = snn_lane_row()
    withUnsafeMutableBytes(of: &row.lane) { bytes in
      for (lane, source) in zip(bytes.bindMemory(to: snn_lane.self).indices, lanes) {
        bytes.bindMemory(to: snn_lane.self)[lane] = snn_lane(
          offset: source.offset, first: Int32(source.first), end: Int32(source.end))
      }
    }
    row.length = length
    row.element_stride = elementStride
    row.channel_count = channelCount
    row.plane_stride = planeStride
    row.lanes_stride = lanesStride
    row.lane_count = Int32(laneCount)
    return row
  }

  /// An element that a lane has: its channel, and its place in the plane and among the lanes, where it has one.
  struct Element {
    let channel: Int
    let lane: Int
    let place: Int
    let lanesPlace: Int?
  }

  /// All elements that lanes have.
  var elements: [Element] {
    var elements: [Element] = []
    for c in 0..<channelCount {
      for (l, lane) in lanes.enumerated() {
        for j in 0..<length where lane.first <= j && j < lane.end {
          let place = c * planeStride + lane.offset + j * elementStride
          let phaseRow = Int(phaseRows[j % phaseRows.count])
          let vector = c * lanesStride + phaseRow * phaseStride + laneCount * (j / phaseRows.count)
          elements.append(Element(channel: c, lane: l, place: place, lanesPlace: phaseRow < 0 ? nil : vector + l))
        }
      }
    }
    return elements
  }

  /// The places of all lanes of all vectors, whether or not a lane has the element.
  var lanesPlaces: [Int] {
    (0..<channelCount).flatMap { c in
      (0..<length * laneCount).map { c * lanesStride + $0 }
    }
  }

  /// From the first to the last of some places; empty where there is none.
  static func span(_ places: [Int]) -> Range<Int> { (places.min() ?? 0)..<(places.max() ?? -1) + 1 }

  /// Rows of every kind that are gathered.
  static func gathered(using generator: inout SeededGenerator) -> [LaneRow] {
    (1...3).flatMap { stride in all(elementStride: stride, phaseRows: [0], using: &generator) }
  }

  /// Rows of every kind that are scattered: of sums, of zeros, and of phases of both in any order.
  static func scattered(using generator: inout SeededGenerator) -> [LaneRow] {
    let phases: [[Int32]] = [[-1], [0, 1], [1, -1], [-1, 0], [-1, -1], [2, -1, 0, 1]]
    let plain = all(elementStride: 1, phaseRows: [0], using: &generator)
    return plain
      + phases.flatMap { all(elementStride: 1, phaseRows: $0, channels: [(2, 8)], using: &generator) }
  }

  private static func all(
    elementStride: Int, phaseRows: [Int32],
    channels: [(count: Int, gap: Int)] = [(1, 0), (2, 8), (3, 5), (0, 0)], using generator: inout SeededGenerator
  ) -> [LaneRow] {
    var rows: [LaneRow] = []
    for shape in Shape.allCases {
      for length in 0...20 {
        for (channelCount, gap) in channels {
          for laneCount in laneCounts {
            rows.append(
              LaneRow(
                shape, length: length, elementStride: elementStride, channelCount: channelCount, gap: gap,
                laneCount: laneCount, phaseRows: phaseRows, using: &generator))
          }
        }
      }
    }
    return rows
  }
}
