#if Images
  import Foundation
  import ModelFormats
  import TestSupport
  import Testing

  @Suite struct JPEGFileTests {
    @Test(arguments: [1, 3], [false, true]) func pixelsAreThoseThatWereWritten(
      channels: Int, isProgressive: Bool
    ) throws {
      // No side a multiple of a block's 8.
      let (width, height) = (21, 13)
      let pixels = (0..<width * height * channels).map { index in
        let (place, channel) = (index / channels, index % channels)
        return UInt8(60 + 5 * (place % width) + 3 * (place / width) + 9 * channel)
      }
      let data = jpegBytes(
        width: width, height: height, channels: channels, pixels: pixels, isProgressive: isProgressive)
      let image = try ImageFile.read(data: data, name: "f")
      #expect(image.width == width && image.height == height && image.channels == channels)
      // Of the best quality, every coefficient is rounded to an integer and so are the colours, twice: a few steps at most.
      #expect(
        image.pixels.count == pixels.count && zip(image.pixels, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 3 })
    }

    @Test func fourInksAreRefused() {
      let data = jpegBytes(width: 8, height: 8, channels: 4, pixels: [UInt8](repeating: 90, count: 256))
      #expect(throws: FormatError(.badData, file: "f", "is a JPEG of four inks, expected grey or red, green and blue"))
      {
        try ImageFile.read(data: data, name: "f")
      }
    }

    @Test(arguments: [false, true]) func everyFileCutShortIsRefused(isProgressive: Bool) {
      let pixels = (0..<20 * 20 * 3).map { UInt8($0 * 37 % 256) }
      let whole = jpegBytes(width: 20, height: 20, channels: 3, pixels: pixels, isProgressive: isProgressive)
      // The last two bytes are the marker of the end, which some writers forget.
      for count in 0..<whole.count - 2 {
        let error = #expect(throws: FormatError.self, "\(count)") {
          try ImageFile.read(data: whole.prefix(count), name: "f")
        }
        #expect(error?.kind == .badData)
      }
    }

    @Test func moreThanAFileCanHoldIsRefused() throws {
      var data = jpegBytes(width: 8, height: 8, channels: 1, pixels: [UInt8](repeating: 90, count: 64))
      // Behind the marker of the frame: its length, the depth, the rows and the columns.
      let frame = try #require(data.firstRange(of: [0xFF, 0xC0])).upperBound + 3
      data.replaceSubrange(frame..<frame + 4, with: [0x3F, 0xFF, 0x3F, 0xFF])
      let limit = 512 * data.count
      let peak = peakAllocatedByteCount {
        #expect(
          throws: FormatError(
            .badData, file: "f",
            "16383 rows of 16383 pixels, expected at most \(limit) pixels in a file of \(data.count) bytes")
        ) { try ImageFile.read(data: data, name: "f") }
      }
      #expect(peak ?? 0 < 1 << 20)
      data.replaceSubrange(frame..<frame + 4, with: [0, 8, 0x40, 1])
      #expect(throws: FormatError(.badData, file: "f", "image has 8 rows of 16385 pixels, expected 1 to 16384 of each"))
      {
        try ImageFile.read(data: data, name: "f")
      }
    }
  }
#endif
