#if Images
  import CTurboJPEG

  /// Reads a JPEG through the TurboJPEG interface of libjpeg-turbo, which returns its errors.
  struct JPEGDecoder {
    /// The bytes that begin every file: the marker of an image's start, and of the marker behind it.
    static let magic: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// A block of 64 pixels takes a bit at the least, in every way of coding that is in use.
    private static let largestPixelsPerByte = 512

    private let bytes: UnsafeRawBufferPointer
    private let file: String

    init(_ bytes: UnsafeRawBufferPointer, file: String) {
      self.bytes = bytes
      self.file = file
    }

    func image() throws(FormatError) -> PixelImage {
      guard let decoder = tjInitDecompress() else {
        throw FormatError(.badData, file: file, "cannot be decoded: libjpeg-turbo has no memory")
      }
      defer { tjDestroy(decoder) }
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var (width, height, subsampling, colourSpace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
      let status = tjDecompressHeader3(
        decoder, start, UInt(bytes.count), &width, &height, &subsampling, &colourSpace)
      if status != 0 { throw FormatError(.badData, file: file, Self.problem(decoder)) }
      try ImageFile.checkSides(width: Int(width), height: Int(height), file: file)
      let pixelCount = Int(width) * Int(height)
      let largest = Self.largestPixelsPerByte * bytes.count
      if pixelCount > largest {
        throw FormatError(
          .badData, file: file,
          "\(height) rows of \(width) pixels, expected at most \(largest) pixels in a file of \(bytes.count) bytes")
      }
      if colourSpace == TJCS_CMYK.rawValue || colourSpace == TJCS_YCCK.rawValue {
        throw FormatError(.badData, file: file, "is a JPEG of four inks, expected grey or red, green and blue")
      }
      let isGrey = colourSpace == TJCS_GRAY.rawValue
      let channels = isGrey ? 1 : 3
      let format = isGrey ? TJPF_GRAY : TJPF_RGB
      let pixels = try ImageFile.pixels(count: pixelCount * channels, file: file) { room in
        // A file cut short is a warning to the library, which fills the rest with grey. Some progressive files have
        // many more scans than they have use for, to take time.
        let flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
        let status = tjDecompress2(
          decoder, start, UInt(bytes.count), room, width, width * Int32(channels), height, Int32(format.rawValue), flags
        )
        return status == 0 ? nil : Self.problem(decoder)
      }
      return PixelImage(width: Int(width), height: Int(height), channels: channels, pixels: pixels)
    }

    /// What libjpeg-turbo says.
    private static func problem(_ decoder: tjhandle) -> String {
      let message = tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "no reason is given"
      return "is no JPEG that can be read: \(message)"
    }
  }
#endif
