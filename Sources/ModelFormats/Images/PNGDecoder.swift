#if Images
  import CPNG

  /// Reads a PNG through libpng's simplified interface, which returns its errors.
  struct PNGDecoder {
    /// The bytes that begin every file.
    static let magic: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private let bytes: UnsafeRawBufferPointer
    private let file: String

    init(_ bytes: UnsafeRawBufferPointer, file: String) {
      self.bytes = bytes
      self.file = file
    }

    func image() throws(FormatError) -> PixelImage {
      var png = png_image()
      png.version = png_uint_32(PNG_IMAGE_VERSION)
      defer { png_image_free(&png) }
      if png_image_begin_read_from_memory(&png, bytes.baseAddress, bytes.count) == 0 {
        throw FormatError(.badData, file: file, Self.problem(png))
      }
      let (width, height) = (Int(png.width), Int(png.height))
      try ImageFile.checkSides(width: width, height: height, file: file)
      try checkSize(width: width, height: height)
      // Samples of 16 bits are encoded as those of 8, not linear, unless the file says otherwise.
      png.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      let isColour = png.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
      let channels = isColour ? 3 : 1
      png.format = isColour ? png_uint_32(PNG_FORMAT_RGB) : png_uint_32(PNG_FORMAT_GRAY)
      var black = png_color()
      let pixels = try ImageFile.pixels(count: width * height * channels, file: file) { room in
        let isRead = png_image_finish_read(&png, &black, room, png_int_32(width * channels), nil) != 0
        return isRead ? nil : Self.problem(png)
      }
      return PixelImage(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// Refuses a header whose pixels could not be in so few bytes, however well they are compressed. libpng has read the
    /// header, so that it is where the format puts it.
    private func checkSize(width: Int, height: Int) throws(FormatError) {
      let (depth, colourType) = (Int(bytes[24]), bytes[25])
      let samples =
        switch colourType {
        case 2: 3
        case 4: 2
        case 6: 4
        default: 1
        }
      // At most 2^14 * 2^14 * 64 bits, and a byte more before each row.
      let byteCount = height * ((width * depth * samples + 7) / 8 + 1)
      let largest = bytes.count * ContentsReader.largestExpansion
      if byteCount > largest {
        throw FormatError(
          .badData, file: file,
          "\(height) rows of \(width) pixels take \(byteCount) bytes, expected at most \(largest) in a file of \(bytes.count)"
        )
      }
    }

    /// What libpng says, as one text.
    private static func problem(_ png: png_image) -> String {
      let message = withUnsafeBytes(of: png.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      return "is no PNG that can be read: \(message.isEmpty ? "no reason is given" : message)"
    }
  }
#endif
