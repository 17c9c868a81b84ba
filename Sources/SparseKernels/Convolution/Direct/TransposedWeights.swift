import TensorCore

/// The weights of a convolution from its inputs' side: the rows of the input gradient's ``ShiftedConv``, which are the phases of
/// input channels, with column `(outputChannel * kernelHeight + y) * kernelWidth + x`, where `outputChannel` counts within the
/// group.
struct TransposedWeights: Sendable {
  let pattern: SparsityPattern
  /// For each entry, which entry of the weights it is.
  let sources: [Int32]

  /// - Complexity: O(nnz + rows + columns).
  init(_ weights: SparsityPattern, problem: ConvProblem) {
    let conv = ShiftedConv.inputGradient(problem)
    let (tapRows, phaseCount, taps) = (conv.tapRows, conv.destinationPhaseCount, conv.taps)
    let (inputs, outputs) = (problem.inputChannelsPerGroup, problem.outputChannelsPerGroup)
    func forEachEntry(_ body: (_ entry: Int, _ row: Int, _ column: Int) -> Void) {
      for output in 0..<problem.outputChannels {
        let (group, local) = output.quotientAndRemainder(dividingBy: outputs)
        for entry in weights.entries(ofRow: output) {
          let (input, tap) = Int(weights.columnIndices[entry]).quotientAndRemainder(dividingBy: taps)
          body(entry, (group * inputs + input) * phaseCount + tapRows[tap], local * taps + tap)
        }
      }
    }
    var rowOffsets = [Int32](repeating: 0, count: conv.weightRows + 1)
    forEachEntry { _, row, _ in rowOffsets[row + 1] += 1 }
    for row in 0..<conv.weightRows { rowOffsets[row + 1] += rowOffsets[row] }
    var next = rowOffsets
    var columns = [Int32](repeating: 0, count: weights.nnz)
    var sources = columns
    // Outputs come in order, so every row's columns do.
    forEachEntry { entry, row, column in
      let place = Int(next[row])
      columns[place] = Int32(column)
      sources[place] = Int32(entry)
      next[row] += 1
    }
    self.sources = sources
    pattern = SparsityPattern(
      uncheckedRows: conv.weightRows, columns: outputs * taps, rowOffsets: rowOffsets, columnIndices: columns)
  }

  var byteCount: Int {
    (pattern.rowOffsets.count + pattern.columnIndices.count + sources.count) * MemoryLayout<Int32>.stride
  }

  /// The transposed matrix with given values, which are those of the weights in their order.
  func matrix(values: [Float]) -> CSRMatrix {
    CSRMatrix(uncheckedPattern: pattern, values: sources.map { values[Int($0)] })
  }
}
