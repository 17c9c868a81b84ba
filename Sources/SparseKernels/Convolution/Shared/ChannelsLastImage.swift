import TensorCore

/// One image in padded channels-last (NHWC) form and double precision, in which the window of an output pixel is found by
/// adding an offset: the columns of the im2col matrix overlap in memory instead of being copied.
///
/// Element `(row, column, channel)` is at `(row * width + column) * channels + channel`. The image is as large as the
/// windows reach, padding included.
struct ChannelsLastImage: Sendable {
  let problem: ConvProblem
  /// Rows, padding included.
  let height: Int
  /// Columns, padding included.
  let width: Int
  /// Channels, over all groups.
  let channels: Int

  init(_ problem: ConvProblem) {
    self.problem = problem
    height =
      (problem.outputSize.height - 1) * problem.stride.height
      + (problem.kernelSize.height - 1) * problem.dilation.height + 1
    width =
      (problem.outputSize.width - 1) * problem.stride.width
      + (problem.kernelSize.width - 1) * problem.dilation.width + 1
    channels = problem.inputChannels
  }

  /// Elements of the image.
  var count: Int { height * width * channels }

  /// Where a weight finds its input, from the start of the window of its group.
  ///
  /// - Parameter column: the weight's column in the CSR matrix.
  func offset(ofWeightColumn column: Int) -> Int {
    let (tap, u) = column.quotientAndRemainder(dividingBy: problem.kernelSize.width)
    let (i, v) = tap.quotientAndRemainder(dividingBy: problem.kernelSize.height)
    return (v * problem.dilation.height * width + u * problem.dilation.width) * channels + i
  }

  /// Elements from the start of a window to its end, for one group.
  var windowSpan: Int {
    offset(ofWeightColumn: problem.weightsPerOutputChannel - 1) + 1
  }

  /// Writes one row of the padded image from NCHW planes.
  func fillRow(_ row: Int, of image: Int, from input: UnsafePointer<Float>, into padded: UnsafeMutablePointer<Double>) {
    let destination = padded + row * width * channels
    let inputRow = row - problem.padding.top
    let left = min(problem.padding.left, width)
    let inside = max(0, min(problem.inputSize.width, width - left))
    if inputRow < 0 || inputRow >= problem.inputSize.height {
      destination.update(repeating: 0, count: width * channels)
      return
    }
    destination.update(repeating: 0, count: left * channels)
    ChannelsLast.interleave(
      planes: input + image * channels * problem.inputPixels + inputRow * problem.inputSize.width,
      planeStride: problem.inputPixels, channels: channels, pixels: inside, into: destination + left * channels,
      pixelStride: channels)
    (destination + (left + inside) * channels).update(repeating: 0, count: (width - left - inside) * channels)
  }
}

/// Fills the rows of a padded image, one part a block of rows.
struct FillImageJob: ParallelJob {
  static let rowsPerPart = 4

  let image: ChannelsLastImage
  let index: Int
  let input: UnsafePointer<Float>
  let padded: UnsafeMutablePointer<Double>

  var partCount: Int { (image.height + Self.rowsPerPart - 1) / Self.rowsPerPart }

  func execute(index part: Int, worker: Int) {
    for row in part * Self.rowsPerPart..<min((part + 1) * Self.rowsPerPart, image.height) {
      image.fillRow(row, of: index, from: input, into: padded)
    }
  }
}
