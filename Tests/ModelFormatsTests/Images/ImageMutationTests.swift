#if Images
  import Foundation
  import ModelFormats
  import TestSupport
  import Testing

  /// Damaged copies of good images: whatever the damage, the image is read or refused.
  @Suite struct ImageMutationTests {
    @Test(.timeLimit(.minutes(5))) func everyDamagedPNGIsReadOrRefused() {
      let samples = [
        pngBytes(width: 5, height: 3, rows: [UInt8](0..<15)),
        pngBytes(width: 4, height: 4, colourType: .rgb, rows: [UInt8](0..<48)),
        pngBytes(width: 4, height: 2, colourType: .rgbAlpha, rows: [UInt8](0..<32)),
        pngBytes(width: 9, height: 2, depth: 1, rows: [1, 128, 7, 0]),
        pngBytes(width: 2, height: 2, colourType: .palette, rows: [0, 1, 1, 0], palette: [1, 2, 3, 4, 5, 6]),
      ].flatMap { [$0, $0] + mended($0) }
      // A palette of one bit makes 24 bytes of pixels out of one, and that may be one of 1032.
      check(samples, seed: 20_261_129, expansion: 24 * 1_032)
    }

    @Test(.timeLimit(.minutes(5))) func everyDamagedJPEGIsReadOrRefused() {
      let samples = [1, 3].flatMap { channels in
        [false, true].map { isProgressive in
          jpegBytes(
            width: 17, height: 9, channels: channels, pixels: (0..<153 * channels).map { UInt8($0 * 7 % 256) },
            isProgressive: isProgressive)
        }
      }
      // 512 pixels a byte, each of which takes up to 3 bytes, and in a progressive file 6 more for its coefficients; blocks
      // may be of four by four such, most of them beside the image.
      check(samples, seed: 20_261_130, expansion: 512 * 9 * 16)
    }

    /// Copies whose header claims other extents, with the right checksum, so that libpng gets further.
    private func mended(_ png: Data) -> [Data] {
      [(1, 1), (5, 4), (4, 5), (64, 64), (300, 2), (16_384, 1)].map { width, height in
        let header = bigEndianBytes([UInt32(width), UInt32(height)]) + png[24..<29]
        return pngSignature + pngChunk("IHDR", header) + png.dropFirst(33)
      }
    }

    private func check(_ samples: [Data], seed: UInt64, expansion: Int) {
      var read = 0
      let refused = Mutations(swap: .binaryNumbers(starts: 8..<60), seed: seed).check(samples, expansion: expansion) {
        (bytes, place) throws(FormatError) in
        let image = try ImageFile.read(data: bytes, name: "f")
        read += 1
        #expect(image.pixels.count == image.width * image.height * image.channels, place)
      }
      #expect(read + refused == Mutations.count)
      #expect(read > 100 && refused > 100)
    }
  }
#endif
