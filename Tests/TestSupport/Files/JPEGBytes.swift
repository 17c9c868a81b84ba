#if Images
  import CTurboJPEG
  import Foundation

  /// A JPEG file of the best quality, without subsampling.
  ///
  /// - Parameter pixels: `height * width * channels` bytes, 1 channel of grey, 3 of colours or 4 of inks.
  package func jpegBytes(width: Int, height: Int, channels: Int, pixels: [UInt8], isProgressive: Bool = false) -> Data {
    precondition(pixels.count == width * height * channels, "\(pixels.count) bytes")
    let encoder = tjInitCompress()
    defer { tjDestroy(encoder) }
    var buffer: UnsafeMutablePointer<UInt8>?
    defer { tjFree(buffer) }
    var count: UInt = 0
    let format = channels == 1 ? TJPF_GRAY : channels == 3 ? TJPF_RGB : TJPF_CMYK
    let subsampling = channels == 1 ? TJSAMP_GRAY : TJSAMP_444
    let status = tjCompress2(
      encoder, pixels, Int32(width), 0, Int32(height), Int32(format.rawValue), &buffer, &count,
      Int32(subsampling.rawValue), 100, isProgressive ? TJFLAG_PROGRESSIVE : 0)
    precondition(status == 0, "tjCompress2: status \(status)")
    return Data(UnsafeBufferPointer(start: buffer, count: Int(count)))
  }
#endif
