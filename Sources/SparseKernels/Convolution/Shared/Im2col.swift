import TensorCore

/// Unfolds images into columns: row `(i * kernelHeight + v) * kernelWidth + u` of the result holds, for each output pixel,
/// the input element that weight `(i, v, u)` multiplies there, or 0 where that lies in the padding.
struct Im2col: Sendable {
  let problem: ConvProblem
  /// For each kernel column, the output columns whose input column lies inside the image.
  private let insideColumns: [Range<Int>]

  init(_ problem: ConvProblem) {
    self.problem = problem
    insideColumns = (0..<problem.kernelSize.width).map { u in
      let shift = u * problem.dilation.width - problem.padding.left
      return Self.insideRange(
        shift: shift, stride: problem.stride.width, input: problem.inputSize.width, output: problem.outputSize.width)
    }
  }

  /// Unfolds some channels of one group for a range of output pixels.
  ///
  /// - Parameters:
  ///   - input: the whole input, NCHW.
  ///   - group: the group.
  ///   - channels: input channels within the group.
  ///   - pixels: output pixels, counted through all images: `(image * height + y) * width + x`.
  ///   - columns: receives `pixels.count` elements in each of `channels.count * kernelHeight * kernelWidth` rows.
  ///   - rowStride: elements from one row of `columns` to the next.
  func unfold(
    _ input: UnsafePointer<Float>, group: Int, channels: Range<Int>, pixels: Range<Int>,
    into columns: UnsafeMutablePointer<Float>, rowStride: Int
  ) {
    let width = problem.outputSize.width
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
      let (line, x) = pixel.quotientAndRemainder(dividingBy: width)
      let end = min(width, x + pixels.upperBound - pixel)
      let (image, y) = line.quotientAndRemainder(dividingBy: problem.outputSize.height)
      let firstChannel = image * problem.inputChannels + group * problem.inputChannelsPerGroup + channels.lowerBound
      unfoldLine(
        input + firstChannel * problem.inputPixels, channelCount: channels.count, y: y, x..<end,
        into: columns + (pixel - pixels.lowerBound), rowStride: rowStride)
      pixel += end - x
    }
  }

  /// Unfolds part of one output line for all channels.
  private func unfoldLine(
    _ planes: UnsafePointer<Float>, channelCount: Int, y: Int, _ xs: Range<Int>,
    into columns: UnsafeMutablePointer<Float>, rowStride: Int
  ) {
    let kernelHeight = problem.kernelSize.height
    let kernelWidth = problem.kernelSize.width
    let (inputHeight, inputWidth) = (problem.inputSize.height, problem.inputSize.width)
    let (strideWidth, dilationWidth) = (problem.stride.width, problem.dilation.width)
    let top = y * problem.stride.height - problem.padding.top
    insideColumns.withUnsafeBufferPointer { insideColumns in
      for v in 0..<kernelHeight {
        let inputRow = top + v * problem.dilation.height
        let isInside = inputRow >= 0 && inputRow < inputHeight
        for u in 0..<kernelWidth {
          let inside = isInside ? insideColumns[u].clamped(to: xs) : xs.lowerBound..<xs.lowerBound
          let shift = u * dilationWidth - problem.padding.left
          var destination = columns + (v * kernelWidth + u) * rowStride - xs.lowerBound
          var source = planes + inputRow * inputWidth + shift
          for _ in 0..<channelCount {
            for x in xs.lowerBound..<inside.lowerBound { destination[x] = 0 }
            if strideWidth == 1 {
              (destination + inside.lowerBound).update(from: source + inside.lowerBound, count: inside.count)
            } else {
              for x in inside { destination[x] = source[x * strideWidth] }
            }
            for x in inside.upperBound..<xs.upperBound { destination[x] = 0 }
            destination += kernelHeight * kernelWidth * rowStride
            source += inputHeight * inputWidth
          }
        }
      }
    }
  }

  /// The outputs `x` in `0..<output` with `0 <= x * stride + shift < input`.
  private static func insideRange(shift: Int, stride: Int, input: Int, output: Int) -> Range<Int> {
    let first = shift >= 0 ? 0 : (-shift + stride - 1) / stride
    let end = input - shift <= 0 ? 0 : (input - shift - 1) / stride + 1
    let lower = min(first, output)
    return lower..<max(lower, min(end, output))
  }
}
