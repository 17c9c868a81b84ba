import TensorCore

/// What stands before the elements of an NPY file, checked against the size of what follows.
struct NPYHeader {
  /// The bytes that begin every file.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// NumPy's own limit, which also keeps a header of a million extents from taking many times its size.
  static let largestRank = 64

  let dtype: NPYDType
  /// Whether the first index varies fastest.
  let isFortranOrder: Bool
  let shape: Shape
  /// Where the elements start in the file.
  let dataStart: Int

  /// Reads the header at the start of a file's bytes.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(FormatError) {
    let range = try Self.textRange(bytes, file: file)
    dataStart = range.upperBound
    var scanner = NPYHeaderScanner(bytes, range: range, file: file)
    let fields = try scanner.fields()
    (dtype, isFortranOrder) = (fields.dtype, fields.isFortranOrder)
    do throws(ShapeError) { shape = try Shape(validating: fields.extents) } catch {
      throw FormatError(.badData, file: file, error.description)
    }
    // A shape's elements always fit in memory's address range, at eight bytes each.
    let expected = shape.elementCount * dtype.byteCount
    let found = bytes.count - dataStart
    if found != expected {
      throw FormatError(
        .badData, file: file, place: "byte \(dataStart)",
        "\(found) bytes of data, expected \(expected) for shape \(shape) of \(dtype.kind.rawValue)")
    }
  }

  /// Where the text of the header stands.
  private static func textRange(
    _ bytes: UnsafeRawBufferPointer, file: String
  ) throws(FormatError) -> Range<Int> {
    func failure(_ place: Int, _ problem: String) -> FormatError {
      FormatError(.badData, file: file, place: "byte \(place)", problem)
    }
    guard bytes.starts(with: magic) else { throw failure(0, "is no NPY file, expected it to begin with \\x93NUMPY") }
    guard bytes.count >= 8 else { throw failure(bytes.count, "file ends, expected a version") }
    let (major, minor) = (bytes[6], bytes[7])
    guard (1...3).contains(major), minor == 0 else {
      throw failure(6, "version is \(major).\(minor), expected 1.0, 2.0 or 3.0")
    }
    let start = major == 1 ? 10 : 12
    guard bytes.count >= start else { throw failure(bytes.count, "file ends, expected a header length") }
    let length =
      major == 1
      ? Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    guard length <= bytes.count - start else {
      throw failure(8, "header length is \(length), expected at most the \(bytes.count - start) bytes that follow")
    }
    return start..<start + length
  }

  /// The header of version 1.0 that `numpy.save` gives an array of `Float` in C order.
  static func encoded(_ shape: Shape) -> [UInt8] {
    let extents = shape.dimensions.map { "\($0)" }
    let tuple = "(" + extents.joined(separator: ", ") + (extents.count == 1 ? ",)" : ")")
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': \(tuple), }"
    // Room for a first extent of 21 digits, for programs that append to a file in place.
    if let first = extents.first { text += String(repeating: " ", count: 21 - first.count) }
    // At least one space and the line feed; a header that would end on the boundary takes 64 bytes more.
    let prefixCount = magic.count + 4
    let padding = 64 - (prefixCount + text.utf8.count + 1) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = UInt16(text.utf8.count)
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + text.utf8
  }
}
