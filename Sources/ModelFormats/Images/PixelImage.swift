/// An image of bytes: grey, or red, green and blue.
public struct PixelImage: Equatable, Sendable {
  /// The pixels of a row.
  public let width: Int
  /// The rows.
  public let height: Int
  /// The bytes of a pixel: 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// Row after row from the top, pixel after pixel, `height * width * channels` bytes.
  public let pixels: [UInt8]

  /// Creates an image.
  ///
  /// - Precondition: one or three channels, and as many bytes as the extents say.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(channels == 1 || channels == 3, "PixelImage: \(channels) channels, expected 1 or 3")
    precondition(
      width >= 0 && height >= 0 && pixels.count == width * height * channels,
      "PixelImage: \(pixels.count) bytes for \(height)x\(width) pixels of \(channels)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// The same image in grey: `0.299 red + 0.587 green + 0.114 blue`, the luma of ITU-R BT.601, which is what a grey JPEG
  /// holds too; rounded to the nearest byte.
  public func grey() -> PixelImage {
    guard channels == 3 else { return self }
    let grey = [UInt8](unsafeUninitializedCapacity: width * height) { room, count in
      pixels.withUnsafeBufferPointer { pixels in
        for index in 0..<width * height {
          // The weights times 2^16, which they add up to.
          let (red, green, blue) = (Int(pixels[3 * index]), Int(pixels[3 * index + 1]), Int(pixels[3 * index + 2]))
          room[index] = UInt8((19_595 * red + 38_470 * green + 7_471 * blue + 32_768) >> 16)
        }
      }
      count = width * height
    }
    return PixelImage(width: width, height: height, channels: 1, pixels: grey)
  }
}
