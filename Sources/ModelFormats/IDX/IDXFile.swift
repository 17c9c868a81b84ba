import Foundation
import TensorCore

/// An array of bytes in the IDX format, in which MNIST and the data sets that follow it keep images and labels.
///
///     let images = try IDXFile(path: "train-images-idx3-ubyte.gz")
///     print(images.shape, images.elements.count)
///
/// Elements are unsigned bytes and stay bytes; the format's other types (signed bytes, integers of 16 and 32 bits, floats
/// and doubles) are refused by name, and so is a file with anything behind its elements. A file that gzip compressed is
/// read too, whatever its name: its first two bytes decide.
///
/// The format: <https://github.com/zalandoresearch/fashion-mnist>, <http://yann.lecun.com/exdb/mnist/>.
public struct IDXFile: Sendable {
  /// The extents, outermost first: `[images, height, width]` or `[labels]` in MNIST's files.
  public let shape: Shape

  /// The elements in row-major order.
  public let elements: [UInt8]

  /// The limit of ``init(path:byteLimit:)`` where none is given: 4 GiB.
  public static let defaultByteLimit = 1 << 32

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - byteLimit: how many elements there may be, so that a compressed file cannot take all memory.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/noInput`` if the file cannot be read,
  ///   ``FormatError/Kind/badData`` if it is not as the format and this reader demand.
  /// - Complexity: O(elements). Their bytes are allocated after the header has been compared with the size of the file:
  ///   a compressed one can hold 1032 times its own size.
  public init(path: String, byteLimit: Int = defaultByteLimit) throws(FormatError) {
    try self.init(data: InputFile.contents(of: path), name: path, byteLimit: byteLimit)
  }

  /// Reads a file whose bytes, compressed or not, are in memory.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - name: what errors call the file.
  ///   - byteLimit: how many elements there may be.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData``.
  /// - Complexity: O(elements).
  public init(data: Data, name: String, byteLimit: Int = defaultByteLimit) throws(FormatError) {
    precondition(byteLimit >= 0, "IDXFile: byteLimit \(byteLimit), expected zero or more")
    (shape, elements) = try data.withUnsafeBytes { bytes in
      Result { () throws(FormatError) in try Self.contents(bytes, file: name, byteLimit: byteLimit) }
    }.get()
  }

  private static func contents(
    _ bytes: UnsafeRawBufferPointer, file: String, byteLimit: Int
  ) throws(FormatError) -> (Shape, [UInt8]) {
    var reader = try ContentsReader(bytes, file: file)
    let shape = try IDXHeader(&reader, file: file).shape
    let count = shape.elementCount
    if count > byteLimit {
      throw FormatError(
        .badData, file: file, place: "byte 4", "shape \(shape) takes \(count) bytes, expected at most \(byteLimit)")
    }
    let elements = try elements(count, of: &reader, shape: shape, file: file)
    var extra: UInt8 = 0
    let extraCount = try withUnsafeMutableBytes(of: &extra) { room in
      Result { () throws(FormatError) in try reader.read(into: room) }
    }.get()
    if extraCount > 0 {
      throw FormatError(.badData, file: file, "data go on behind \(count) bytes, expected their end for shape \(shape)")
    }
    return (shape, elements)
  }

  /// Reads elements into memory that is not cleared first: what a file does not hold is never touched, and the system
  /// need not give it.
  private static func elements(
    _ count: Int, of reader: inout ContentsReader, shape: Shape, file: String
  ) throws(FormatError) -> [UInt8] {
    var failure: FormatError?
    let elements = [UInt8](unsafeUninitializedCapacity: count) { room, initializedCount in
      do throws(FormatError) {
        let found = try reader.read(
          into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(room)[..<count]))
        initializedCount = found
        if found < count {
          failure = FormatError(
            .badData, file: file, "data end after \(found) bytes, expected \(count) for shape \(shape)")
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return elements
  }
}
