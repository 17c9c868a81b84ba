import CZlib

/// Reads the contents of a file from its start, through gzip if its first two bytes say that it is compressed.
///
/// A compressed file may have several members, one behind the other, as `gzip` itself allows; their checksums and
/// lengths are checked, and so is that nothing else follows them.
struct ContentsReader: ~Copyable {
  /// Whether the file is compressed.
  let isCompressed: Bool
  /// The most bytes that the contents can have. Deflate codes 258 bytes in two bits at best, which is 1032 for each.
  let largestByteCount: Int

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private let file: String
  /// Stays where it is, since zlib keeps a pointer to it; nil where the file is not compressed.
  private let stream: UnsafeMutablePointer<z_stream>?
  private var isEnded = false

  /// What a byte of a compressed file becomes at the most.
  static let largestExpansion = 1_032

  /// Begins to read; `bytes`, the whole file, must outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(FormatError) {
    self.bytes = bytes
    self.file = file
    isCompressed = bytes.starts(with: Self.magic)
    guard isCompressed else {
      largestByteCount = bytes.count
      stream = nil
      return
    }
    let (largest, overflow) = bytes.count.multipliedReportingOverflow(by: Self.largestExpansion)
    largestByteCount = overflow ? Int.max : largest
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, the most there are; 16 more ask for gzip's header and trailer.
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    self.stream = stream
    if status != Z_OK { throw FormatError(.badData, file: file, "cannot be decompressed: zlib's status is \(status)") }
  }

  deinit {
    guard let stream else { return }
    inflateEnd(stream)
    stream.deallocate()
  }

  private static let magic: [UInt8] = [0x1F, 0x8B]

  /// Writes the next bytes of the contents.
  ///
  /// - Returns: how many: as many as there is room for, fewer only where the contents end.
  mutating func read(into room: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
    guard let stream else {
      let count = min(room.count, bytes.count - position)
      room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
      position += count
      return count
    }
    var count = 0
    while count < room.count, !isEnded {
      count += try inflateSome(stream, into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
    }
    return count
  }

  /// Runs zlib once, on as much as its 32-bit counters take.
  private mutating func inflateSome(
    _ stream: UnsafeMutablePointer<z_stream>, into room: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> Int {
    let input = UnsafeRawBufferPointer(rebasing: bytes[position...].prefix(1 << 30))
    let output = room.prefix(1 << 30)
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(input.count)
    stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(output.count)
    let status = inflate(stream, Z_NO_FLUSH)
    position += input.count - Int(stream.pointee.avail_in)
    switch status {
    case Z_STREAM_END: try endMember(stream)
    case Z_OK: break
    case Z_BUF_ERROR:
      throw failure("file ends, expected more compressed data")
    case Z_DATA_ERROR, Z_NEED_DICT:
      let message = stream.pointee.msg.map { String(cString: $0) } ?? "a preset dictionary"
      throw failure("compressed data are damaged: \(message)")
    default:
      throw failure("cannot be decompressed: zlib's status is \(status)")
    }
    return output.count - Int(stream.pointee.avail_out)
  }

  /// Goes on to the next member, if the file has one.
  private mutating func endMember(_ stream: UnsafeMutablePointer<z_stream>) throws(FormatError) {
    if position == bytes.count {
      isEnded = true
      return
    }
    guard bytes[position...].starts(with: Self.magic) else {
      throw failure("file goes on, expected its end or more compressed data")
    }
    let status = inflateReset(stream)
    if status != Z_OK { throw failure("cannot be decompressed: zlib's status is \(status)") }
  }

  /// An error at the byte of the file that is read.
  private func failure(_ problem: String) -> FormatError {
    FormatError(.badData, file: file, place: "byte \(position)", problem)
  }
}
