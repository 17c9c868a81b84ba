import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite(.enabled(if: ImageFile.isSupported, "the package is built without its trait Images")) struct ImageFileTests {
  @Test func greyAndColouredPNGsAreReadExactly() throws {
    let grey = (0..<15).map { UInt8($0 * 17) }
    #expect(
      try read(pngBytes(width: 5, height: 3, rows: grey)) == PixelImage(width: 5, height: 3, channels: 1, pixels: grey))
    let colours = (0..<42).map { UInt8($0 * 6) }
    #expect(
      try read(pngBytes(width: 2, height: 7, colourType: .rgb, rows: colours))
        == PixelImage(width: 2, height: 7, channels: 3, pixels: colours))
  }

  @Test func fewBitsAndPalettesAreWidened() throws {
    #expect(
      try read(pngBytes(width: 9, height: 1, depth: 1, rows: [0b1010_0110, 0b1000_0000])).pixels
        == [255, 0, 255, 0, 0, 255, 255, 0, 255])
    #expect(try read(pngBytes(width: 3, height: 1, depth: 2, rows: [0b0001_1000])).pixels == [0, 85, 170])
    #expect(try read(pngBytes(width: 3, height: 1, depth: 4, rows: [0x0F, 0x80])).pixels == [0, 255, 136])
    let palette: [UInt8] = [1, 2, 3, 250, 240, 230, 9, 9, 9]
    let image = try read(
      pngBytes(width: 3, height: 1, colourType: .palette, depth: 4, rows: [0x10, 0x20], palette: palette))
    #expect(image == PixelImage(width: 3, height: 1, channels: 3, pixels: [250, 240, 230, 1, 2, 3, 9, 9, 9]))
  }

  @Test func sixteenBitsAreRoundedToEight() throws {
    // 257 times a byte is that byte.
    let samples: [UInt8] = [0, 7, 128, 200, 255]
    let image = try read(pngBytes(width: 5, height: 1, depth: 16, rows: samples.flatMap { [$0, $0] }))
    #expect(image == PixelImage(width: 5, height: 1, channels: 1, pixels: samples))
  }

  @Test func whatIsTransparentIsLaidOnBlack() throws {
    #expect(
      try read(pngBytes(width: 3, height: 1, colourType: .greyAlpha, rows: [200, 255, 200, 0, 9, 255])).pixels == [
        200, 0, 9,
      ])
    let image = try read(pngBytes(width: 2, height: 1, colourType: .rgbAlpha, rows: [10, 20, 30, 255, 10, 20, 30, 0]))
    #expect(image == PixelImage(width: 2, height: 1, channels: 3, pixels: [10, 20, 30, 0, 0, 0]))
  }

  @Test func greyIsTheLuma() {
    let image = PixelImage(
      width: 5, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 7, 7, 7])
    // 76.245, 149.685 and 29.07, rounded.
    #expect(image.grey() == PixelImage(width: 5, height: 1, channels: 1, pixels: [76, 150, 29, 255, 7]))
    #expect(image.grey().grey() == image.grey())
  }

  @Test func filesAreReadByTheirContents() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.jpg", holding: pngBytes(width: 1, height: 2, rows: [3, 4]))
    #expect(try ImageFile.read(path: path).pixels == [3, 4])
    let error = #expect(throws: FormatError.self) { try ImageFile.read(path: folder.file("absent.png")) }
    #expect(error?.kind == .noInput)
  }

  private func read(_ data: Data) throws -> PixelImage { try ImageFile.read(data: data, name: "f") }
}
