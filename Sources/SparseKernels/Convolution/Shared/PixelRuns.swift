import TensorCore

/// The output pixels of one image, cut into runs whose windows are evenly spaced in a ``ChannelsLastImage``, so that one
/// matrix product computes a run.
///
/// A run lies in one output row, or, at stride 1, may go on through the gap to the next row: the pixels in the gap
/// straddle two rows and are thrown away. Products work on four columns at a time, so the better choice is the one
/// with fewer such passes.
struct PixelRuns: Sendable {
  /// One run: `count` windows, the first at `offset` elements into the image, `stride` apart.
  struct Run {
    let offset: Int
    let stride: Int
    let count: Int
    fileprivate let line: Int
    fileprivate let first: Int
  }

  private let outputWidth: Int
  private let runsPerLine: Int
  private let lineCount: Int
  private let lineLength: Int
  private let lineStride: Int
  private let columnStride: Int
  /// The most windows of one run.
  let longest: Int
  /// Columns from one row to the next where runs cross rows; 0 where they do not.
  private let rowPitch: Int

  /// Bytes of sums that one run may produce, so that they are still in L2 when they are stored.
  private static let sumBytes = 128 << 10

  init(_ image: ChannelsLastImage) {
    let problem = image.problem
    outputWidth = problem.outputSize.width
    let height = problem.outputSize.height
    let crossing = (height - 1) * image.width + outputWidth
    let crosses = problem.stride == Size2D(1) && Self.passes(crossing) < height * Self.passes(outputWidth)
    rowPitch = crosses ? image.width : 0
    lineCount = crosses ? 1 : height
    lineLength = crosses ? crossing : outputWidth
    lineStride = problem.stride.height * image.width * image.channels
    columnStride = problem.stride.width * image.channels
    let fitting = Self.sumBytes / MemoryLayout<Double>.stride / problem.outputChannelsPerGroup
    longest = min(lineLength, max(4, min(64, fitting)) & ~3)
    runsPerLine = (lineLength + longest - 1) / longest
  }

  /// The number of runs.
  var count: Int { lineCount * runsPerLine }

  /// One of the runs.
  subscript(index: Int) -> Run {
    let (line, part) = index.quotientAndRemainder(dividingBy: runsPerLine)
    let first = part * longest
    return Run(
      offset: line * lineStride + first * columnStride, stride: columnStride, count: min(longest, lineLength - first),
      line: line, first: first)
  }

  /// Calls `body` with each stretch of a run that is made of real output pixels: where it starts in the run, the output
  /// pixel there, and its length.
  func forEachStretch(of run: Run, _ body: (_ position: Int, _ pixel: Int, _ count: Int) -> Void) {
    if rowPitch == 0 {
      body(0, run.line * outputWidth + run.first, run.count)
      return
    }
    var position = 0
    while position < run.count {
      let (row, column) = (run.first + position).quotientAndRemainder(dividingBy: rowPitch)
      if column < outputWidth {
        let count = min(outputWidth - column, run.count - position)
        body(position, row * outputWidth + column, count)
        position += count
      } else {
        position += rowPitch - column
      }
    }
  }

  private static func passes(_ columns: Int) -> Int { (columns + 3) / 4 }
}
