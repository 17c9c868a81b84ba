import TensorCore

/// Transformed weights, `G weights G'`: for each group and position a dense matrix of output by input channels.
struct WinogradWeights: Sendable {
  let tile: WinogradTile
  private let pattern: SparsityPattern
  private let inputChannels: Int
  private let outputChannels: Int
  private var elements: Tensor

  init(_ problem: ConvProblem, tile: WinogradTile, weights: CSRMatrix) {
    self.tile = tile
    pattern = weights.pattern
    inputChannels = problem.inputChannelsPerGroup
    outputChannels = problem.outputChannelsPerGroup
    elements = Tensor(zeros: [problem.groups * tile.positions * outputChannels * inputChannels])
    replaceValues(weights.values)
  }

  var byteCount: Int { elements.count * MemoryLayout<Float>.stride }

  /// Calls `body` with the matrices.
  func withMatrices<Result>(_ body: (WinogradMatrices) throws -> Result) rethrows -> Result? {
    try elements.withUnsafeBufferPointer { elements in
      guard let start = elements.baseAddress else { return nil }
      return try body(
        WinogradMatrices(elements: start, positions: tile.positions, elementCount: outputChannels * inputChannels))
    }
  }

  /// Transforms all stored weights anew, in double: each element is rounded once.
  mutating func replaceValues(_ values: [Float]) {
    precondition(
      values.count == pattern.nnz, "replaceValues: \(values.count) values, expected nnz = \(pattern.nnz)")
    let (pattern, inputChannels, outputChannels) = (pattern, inputChannels, outputChannels)
    let (size, stride) = (tile.inputs, inputChannels * outputChannels)
    let matrix = tile.weightMatrix.flatMap { $0 }
    elements.withUnsafeMutableBufferPointer { elements in
      for row in 0..<pattern.rows {
        let entries = pattern.entries(ofRow: row)
        var entry = entries.lowerBound
        let (group, channel) = row.quotientAndRemainder(dividingBy: outputChannels)
        let first = group * size * size * stride + channel * inputChannels
        while entry < entries.upperBound {
          let inputChannel = Int(pattern.columnIndices[entry]) / 9
          // The columns `G weights`: three for each of the rows.
          withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * size) { columns in
            columns.update(repeating: 0)
            while entry < entries.upperBound, Int(pattern.columnIndices[entry]) / 9 == inputChannel {
              let (v, u) = (Int(pattern.columnIndices[entry]) % 9).quotientAndRemainder(dividingBy: 3)
              for p in 0..<size { columns[3 * p + u] += matrix[3 * p + v] * Double(values[entry]) }
              entry += 1
            }
            for p in 0..<size {
              for q in 0..<size {
                let sum =
                  columns[3 * p] * matrix[3 * q] + columns[3 * p + 1] * matrix[3 * q + 1]
                  + columns[3 * p + 2] * matrix[3 * q + 2]
                elements[first + (size * p + q) * stride + inputChannel] = Float(sum)
              }
            }
          }
        }
      }
    }
  }
}

/// The matrices of all groups and positions, as raw memory: one after the other, output channels by input channels.
struct WinogradMatrices {
  fileprivate let elements: UnsafePointer<Float>
  fileprivate let positions: Int
  fileprivate let elementCount: Int

  subscript(group group: Int, position position: Int) -> UnsafePointer<Float> {
    elements + (group * positions + position) * elementCount
  }
}
