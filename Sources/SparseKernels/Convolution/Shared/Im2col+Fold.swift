extension Im2col {
  /// The transpose of unfolding: adds each element of the columns to the input element that it was unfolded from.
  ///
  /// - Parameters:
  ///   - columns: as unfolding makes them: `channelCount * kernelHeight * kernelWidth` rows of `pixels.count` elements.
  ///   - pixels: output pixels of one image, from 0.
  ///   - planes: the planes of the channels in that image.
  func fold(
    _ columns: UnsafePointer<Float>, channelCount: Int, pixels: Range<Int>, addingTo planes: UnsafeMutablePointer<Float>
  ) {
    let (kernel, stride, dilation) = (problem.kernelSize, problem.stride, problem.dilation)
    var row = columns
    for channel in 0..<channelCount {
      let plane = planes + channel * problem.inputPixels
      for v in 0..<kernel.height {
        for u in 0..<kernel.width {
          let shift = u * dilation.width - problem.padding.left
          forEachLine(of: pixels) { y, xs, first in
            guard insideLines[v].contains(y) else { return }
            let inputRow = y * stride.height + v * dilation.height - problem.padding.top
            let line = plane + inputRow * problem.inputSize.width + shift
            let source = row + (first - xs.lowerBound)
            for x in insideColumns[u].clamped(to: xs) { line[x * stride.width] += source[x] }
          }
          row += pixels.count
        }
      }
    }
  }

  /// Calls `body` with each output line of a range of pixels, its columns, and where they start in the range.
  @inline(__always)
  private func forEachLine(of pixels: Range<Int>, _ body: (_ y: Int, _ xs: Range<Int>, _ first: Int) -> Void) {
    let width = problem.outputSize.width
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
      let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
      let end = min(width, x + pixels.upperBound - pixel)
      body(y, x..<end, pixel - pixels.lowerBound)
      pixel += end - x
    }
  }
}
