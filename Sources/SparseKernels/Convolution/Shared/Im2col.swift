import TensorCore

/// Unfolds images into columns: row `(i * kernelHeight + v) * kernelWidth + u` of the result holds, for each output pixel,
/// the input element that weight `(i, v, u)` multiplies there, or 0 where that lies in the padding.
struct Im2col: Sendable {
  let problem: ConvProblem
  /// For each kernel column, the output columns whose input column lies inside the image.
  let insideColumns: [Range<Int>]
  /// For each kernel row, the output lines whose input line lies inside the image.
  let insideLines: [Range<Int>]
  /// Whether a row of the result is an input plane, shifted: stride 1, and input and output equally wide.
  private let isShift: Bool

  init(_ problem: ConvProblem) {
    self.problem = problem
    insideColumns = (0..<problem.kernelSize.width).map { u in
      let shift = u * problem.dilation.width - problem.padding.left
      return Self.insideRange(
        shift: shift, stride: problem.stride.width, input: problem.inputSize.width, output: problem.outputSize.width)
    }
    insideLines = (0..<problem.kernelSize.height).map { v in
      let shift = v * problem.dilation.height - problem.padding.top
      return Self.insideRange(
        shift: shift, stride: problem.stride.height, input: problem.inputSize.height, output: problem.outputSize.height)
    }
    isShift =
      problem.stride.height == 1 && problem.stride.width == 1 && problem.inputSize.width == problem.outputSize.width
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
    let perImage = problem.outputPixels
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
      let (image, first) = pixel.quotientAndRemainder(dividingBy: perImage)
      let end = min(perImage, first + pixels.upperBound - pixel)
      let firstChannel = image * problem.inputChannels + group * problem.inputChannelsPerGroup + channels.lowerBound
      let planes = input + firstChannel * problem.inputPixels
      let destination = columns + (pixel - pixels.lowerBound)
      if isShift {
        unfoldByShifting(planes, channelCount: channels.count, first..<end, into: destination, rowStride: rowStride)
      } else {
        unfoldByLines(planes, channelCount: channels.count, first..<end, into: destination, rowStride: rowStride)
      }
      pixel += end - first
    }
  }

  /// Unfolds some pixels of one image where input and output lines are equally long and the stride is 1: each row of
  /// the result is then the plane itself, shifted, with zeros at the ends of the lines.
  private func unfoldByShifting(
    _ planes: UnsafePointer<Float>, channelCount: Int, _ pixels: Range<Int>,
    into columns: UnsafeMutablePointer<Float>, rowStride: Int
  ) {
    let (width, weights) = (problem.outputSize.width, problem.kernelSize.height * problem.kernelSize.width)
    for v in insideLines.indices {
      for u in insideColumns.indices {
        let shift =
          (v * problem.dilation.height - problem.padding.top) * width + u * problem.dilation.width
          - problem.padding.left
        let lines = insideLines[v]
        // Pixels of lines that lie in the image, and of those the ones whose source does: the rest of the first and of
        // the last line is zeroed with the line ends.
        let inside = (lines.lowerBound * width..<lines.upperBound * width).clamped(to: pixels)
        let copied = inside.clamped(to: -shift..<problem.inputPixels - shift)
        let columnsInside = insideColumns[u]
        var destination = columns + (v * problem.kernelSize.width + u) * rowStride - pixels.lowerBound
        var source = planes + shift
        for _ in 0..<channelCount {
          (destination + pixels.lowerBound).update(repeating: 0, count: inside.lowerBound - pixels.lowerBound)
          (destination + copied.lowerBound).update(from: source + copied.lowerBound, count: copied.count)
          (destination + inside.upperBound).update(repeating: 0, count: pixels.upperBound - inside.upperBound)
          if columnsInside.count < width {
            zeroLineEnds(destination, pixels: inside, columnsInside: columnsInside)
          }
          destination += weights * rowStride
          source += problem.inputPixels
        }
      }
    }
  }

  /// Writes 0 to those of some pixels whose source column lies outside the image.
  private func zeroLineEnds(_ image: UnsafeMutablePointer<Float>, pixels: Range<Int>, columnsInside: Range<Int>) {
    let width = problem.outputSize.width
    let firstLine = pixels.lowerBound / width * width
    for outside in [0..<columnsInside.lowerBound, columnsInside.upperBound..<width] {
      for x in outside {
        var pixel = firstLine + x
        if pixel < pixels.lowerBound { pixel += width }
        while pixel < pixels.upperBound {
          image[pixel] = 0
          pixel += width
        }
      }
    }
  }

  /// Unfolds some pixels of one image, line by line.
  private func unfoldByLines(
    _ planes: UnsafePointer<Float>, channelCount: Int, _ pixels: Range<Int>,
    into columns: UnsafeMutablePointer<Float>, rowStride: Int
  ) {
    let width = problem.outputSize.width
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
      let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
      let end = min(width, x + pixels.upperBound - pixel)
      unfoldLine(
        planes, channelCount: channelCount, y: y, x..<end, into: columns + (pixel - pixels.lowerBound),
        rowStride: rowStride)
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
