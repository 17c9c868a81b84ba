/// Where the results of a range of output pixels, counted through all images, belong in an NCHW output.
struct OutputTile {
  let output: UnsafeMutablePointer<Float>
  let outputChannels: Int
  let pixelsPerImage: Int
  let pixels: Range<Int>

  /// Whether the tile lies in one image, so that its channels are lines of one stride in the output itself.
  var isInOneImage: Bool {
    pixels.lowerBound / pixelsPerImage == (pixels.upperBound - 1) / pixelsPerImage
  }

  /// The place of the tile's first pixel in a channel; the next channel is `pixelsPerImage` elements further.
  func address(ofChannel channel: Int) -> UnsafeMutablePointer<Float> {
    let (image, pixel) = pixels.lowerBound.quotientAndRemainder(dividingBy: pixelsPerImage)
    return output + (image * outputChannels + channel) * pixelsPerImage + pixel
  }

  /// Stores sums with the epilogue.
  ///
  /// - Parameters:
  ///   - sums: one row per channel of `channels`, `rowStride` apart, with one element per pixel of the tile.
  func store(
    _ sums: UnsafePointer<Float>, rowStride: Int, channels: Range<Int>, epilogue: RunningEpilogue
  ) {
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
      let (image, first) = pixel.quotientAndRemainder(dividingBy: pixelsPerImage)
      let count = min(pixelsPerImage - first, pixels.upperBound - pixel)
      for channel in channels {
        let destination = output + (image * outputChannels + channel) * pixelsPerImage + first
        let source = sums + (channel - channels.lowerBound) * rowStride + (pixel - pixels.lowerBound)
        epilogue.store(source, count: count, channel: channel, into: destination)
      }
      pixel += count
    }
  }
}
