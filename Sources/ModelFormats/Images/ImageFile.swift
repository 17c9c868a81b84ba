import Foundation

/// Reads images: PNG by libpng, JPEG by libjpeg-turbo.
///
///     let image = try ImageFile.read(path: "cat.jpeg")
///     print(image.width, image.height, image.channels)
///
/// The first bytes of a file say which format it is. An image is read as grey if it is stored so and as red, green and
/// blue otherwise, with 8 bits each: palettes are resolved, 16 bits rounded to 8, and what is transparent is laid on
/// black. JPEGs of four inks (CMYK) are refused, and so are damaged files of which the library could show a part.
/// Neither are colour profiles applied, nor is an image turned as its camera was.
///
/// A side is at most ``largestSide`` pixels, which is checked before anything is allocated; so is that the file has the
/// bytes that so many pixels take at the least.
///
/// Needs the package's trait `Images`, which is on by default.
public enum ImageFile {
  /// The most pixels of a row and the most rows that are read: 16,384.
  public static let largestSide = 1 << 14

  /// Whether the package was built with the trait `Images`; without it, every file is refused.
  public static var isSupported: Bool {
    #if Images
      true
    #else
      false
    #endif
  }

  /// The endings of the names of the files that are read, in lower case.
  public static let nameExtensions = ["jpeg", "jpg", "png"]

  /// Reads an image.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/noInput`` if the file cannot be read,
  ///   ``FormatError/Kind/badData`` if it is no such image, is damaged or too large, or if images were left out of the
  ///   build.
  /// - Complexity: O(pixels), and they are allocated.
  public static func read(path: String) throws(FormatError) -> PixelImage {
    try read(data: InputFile.contents(of: path), name: path)
  }

  /// Reads an image whose file is in memory.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - name: what errors call the file.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData``.
  public static func read(data: Data, name: String) throws(FormatError) -> PixelImage {
    #if Images
      return try data.withUnsafeBytes { bytes in
        Result { () throws(FormatError) in
          if bytes.starts(with: PNGDecoder.magic) { return try PNGDecoder(bytes, file: name).image() }
          if bytes.starts(with: JPEGDecoder.magic) { return try JPEGDecoder(bytes, file: name).image() }
          throw FormatError(.badData, file: name, "is neither PNG nor JPEG, expected one of them")
        }
      }.get()
    #else
      throw FormatError(.badData, file: name, "is an image, expected a build of the package with its trait Images")
    #endif
  }

  /// Refuses an image with a side of no pixels or of too many.
  static func checkSides(width: Int, height: Int, file: String) throws(FormatError) {
    if width < 1 || height < 1 || width > largestSide || height > largestSide {
      throw FormatError(
        .badData, file: file, "image has \(height) rows of \(width) pixels, expected 1 to \(largestSide) of each")
    }
  }

  /// Memory for the pixels of an image, filled by a library.
  ///
  /// - Parameter decode: writes all bytes and returns nil, or says why it cannot.
  static func pixels(
    count: Int, file: String, decode: (UnsafeMutablePointer<UInt8>) -> String?
  ) throws(FormatError) -> [UInt8] {
    var problem: String?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { room, initializedCount in
      guard let start = room.baseAddress else { return }
      problem = decode(start)
      if problem == nil { initializedCount = count }
    }
    if let problem { throw FormatError(.badData, file: file, problem) }
    return pixels
  }
}
