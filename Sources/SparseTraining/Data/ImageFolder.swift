import Foundation
import ModelFormats
import TensorCore

/// A folder with a sub-folder of PNG and JPEG images for each class.
///
///     let pets = try ImageFolder(path: "pets", size: Size2D(32))   // pets/cat/001.jpg, pets/dog/77.png, ...
///     print(pets.classNames, pets.count)
///
/// Classes and images are in the order of their names. Files with other endings than `.png`, `.jpg` and `.jpeg`, in
/// either case, are passed over; so is everything whose name starts with a point, and what is deeper. Images are read
/// from the disk each time, and resized.
///
/// Needs the package's trait `Images`, which is on by default.
public struct ImageFolder: LabelledImages {
  /// What of an image's colours is read.
  public enum Channels: Int, Sendable {
    /// One channel; of a coloured image, its luma. See `PixelImage.grey()`.
    case grey = 1
    /// Red, green and blue; of a grey image, three times the same.
    case rgb = 3
  }

  private struct Entry: Sendable {
    let name: String
    let label: Int
  }

  private let path: String
  private let entries: [Entry]
  private let size: Size2D
  private let channels: Channels

  /// The names of the sub-folders; a class's number is its name's place here.
  public let classNames: [String]

  /// How many images there are.
  public var count: Int { entries.count }
  /// The extents of each image, `[channels, height, width]`.
  public var imageShape: Shape { [channels.rawValue, size.height, size.width] }
  /// The number of classes.
  public var classCount: Int { classNames.count }

  /// Lists a folder; no image is opened.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - size: what every image is resized to, its proportions not kept: bilinearly, averaging over all pixels where it
  ///     shrinks.
  ///   - channels: what of the colours is read.
  /// - Throws: ``DataSetError`` if the folder cannot be listed, has no sub-folders, or one without images; and if images
  ///   were left out of the build.
  /// - Precondition: `size` is not empty.
  public init(path: String, size: Size2D, channels: Channels = .rgb) throws(DataSetError) {
    precondition(size.height > 0 && size.width > 0, "ImageFolder: size \(size), expected at least 1x1")
    guard ImageFile.isSupported else { throw .imagesLeftOut(folder: path) }
    let classNames = try Self.names(in: path).filter { Self.isFolder("\(path)/\($0)") }
    if classNames.isEmpty { throw .noClasses(folder: path) }
    var entries: [Entry] = []
    for (label, className) in classNames.enumerated() {
      let folder = "\(path)/\(className)"
      let names = try Self.names(in: folder).filter { Self.isImage($0) && !Self.isFolder("\(folder)/\($0)") }
      if names.isEmpty { throw .emptyClass(folder: folder) }
      entries += names.map { Entry(name: $0, label: label) }
    }
    (self.path, self.size, self.channels) = (path, size, channels)
    (self.entries, self.classNames) = (entries, classNames)
  }

  /// The file of an image.
  ///
  /// - Precondition: `index` is in `0..<count`.
  public func file(_ index: Int) -> String {
    precondition(index >= 0 && index < count, "ImageFolder: image \(index) is outside 0..<\(count)")
    return "\(path)/\(classNames[entries[index].label])/\(entries[index].name)"
  }

  /// Reads, resizes and writes one image, each pixel in 0...1, and returns its label.
  ///
  /// - Throws: `FormatError`, with the file, if it is no image that can be read.
  /// - Precondition: `index` is in `0..<count`, and `image` has room for one image.
  public func read(_ index: Int, into image: UnsafeMutableBufferPointer<Float>) throws -> Int {
    let needed = channels.rawValue * size.height * size.width
    precondition(image.count == needed, "ImageFolder: room for \(image.count) pixels, expected \(needed)")
    var pixels = try ImageFile.read(path: file(index))
    if channels == .grey { pixels = pixels.grey() }
    BilinearResize(from: Size2D(height: pixels.height, width: pixels.width), to: size)
      .write(pixels, channels: channels.rawValue, into: image)
    return entries[index].label
  }

  private static func names(in folder: String) throws(DataSetError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw .unreadableFolder(folder, reason: error.localizedDescription)
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func isImage(_ name: String) -> Bool {
    guard let point = name.lastIndex(of: ".") else { return false }
    return ImageFile.nameExtensions.contains(name[name.index(after: point)...].lowercased())
  }
}
