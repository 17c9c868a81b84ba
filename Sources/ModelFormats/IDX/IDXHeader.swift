import TensorCore

/// What stands before the elements of an IDX file: two zero bytes, the type of the elements, the number of extents, and
/// the extents as big-endian integers of 32 bits.
struct IDXHeader {
  let shape: Shape

  /// As many extents as the other formats read.
  static let largestRank = 64

  /// Reads the header, and compares what it claims with what the file can hold.
  init(_ reader: inout ContentsReader, file: String) throws(FormatError) {
    let start = try Self.bytes(4, of: &reader, file: file, at: 0, expected: "a header of four bytes")
    func failure(_ place: Int, _ problem: String) -> FormatError {
      FormatError(.badData, file: file, place: "byte \(place)", problem)
    }
    guard start[0] == 0, start[1] == 0 else {
      throw failure(0, "is no IDX file, expected it to begin with two zero bytes")
    }
    guard start[2] == Self.unsignedByte else {
      throw failure(2, "elements are \(Self.contents(of: start[2])), expected unsigned bytes, code 0x8")
    }
    let rank = Int(start[3])
    guard rank <= Self.largestRank else {
      throw failure(3, "there are \(rank) extents, expected at most \(Self.largestRank)")
    }
    let numbers = try Self.bytes(4 * rank, of: &reader, file: file, at: 4, expected: "\(rank) extents")
    let extents = (0..<rank).map { axis in numbers[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) } }
    do throws(ShapeError) { shape = try Shape(validating: extents) } catch {
      throw failure(4, error.description)
    }
    let largest = max(0, reader.largestByteCount - 4 - 4 * rank)
    if shape.elementCount > largest {
      let kind = reader.isCompressed ? "a compressed file" : "a file"
      throw failure(
        4, "shape \(shape) takes \(shape.elementCount) bytes, expected at most \(largest) in \(kind) of this size")
    }
  }

  private static let unsignedByte: UInt8 = 0x08

  private static func bytes(
    _ count: Int, of reader: inout ContentsReader, file: String, at place: Int, expected: String
  ) throws(FormatError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = try bytes.withUnsafeMutableBytes { room in
      Result { () throws(FormatError) in try reader.read(into: room) }
    }.get()
    guard found == count else {
      throw FormatError(.badData, file: file, place: "byte \(place + found)", "file ends, expected \(expected)")
    }
    return bytes
  }

  /// What the format calls the elements of a code.
  private static func contents(of code: UInt8) -> String {
    let name: String? =
      switch code {
      case 0x09: "signed bytes"
      case 0x0B: "integers of 16 bits"
      case 0x0C: "integers of 32 bits"
      case 0x0D: "floats"
      case 0x0E: "doubles"
      default: nil
      }
    let hex = "code 0x\(String(code, radix: 16))"
    return name.map { "\($0), \(hex)" } ?? "of the unknown \(hex)"
  }
}
