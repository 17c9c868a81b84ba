import CZlib
import Foundation

/// A gzip file of one member.
package func gzipBytes(_ contents: Data) -> Data {
  var stream = z_stream()
  // 16 more than the bits of the window ask for gzip's header and trailer.
  let status = deflateInit2_(
    &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  precondition(status == Z_OK, "deflateInit2: status \(status)")
  defer { deflateEnd(&stream) }
  var output = Data(count: Int(deflateBound(&stream, UInt(contents.count))) + 32)
  contents.withUnsafeBytes { input in
    output.withUnsafeMutableBytes { output in
      stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(output.count)
      let status = deflate(&stream, Z_FINISH)
      precondition(status == Z_STREAM_END, "deflate: status \(status)")
    }
  }
  return output.prefix(Int(stream.total_out))
}

/// What PNG keeps its rows in: zlib's own wrapping of deflate.
package func zlibBytes(_ contents: Data) -> Data {
  var count = compressBound(UInt(contents.count))
  var output = Data(count: Int(count))
  let status = output.withUnsafeMutableBytes { output in
    contents.withUnsafeBytes { input in
      compress2(
        output.baseAddress?.assumingMemoryBound(to: UInt8.self), &count,
        input.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt(contents.count), Z_BEST_COMPRESSION)
    }
  }
  precondition(status == Z_OK, "compress2: status \(status)")
  return output.prefix(Int(count))
}

/// The checksum at the end of a PNG chunk.
package func checksum(_ bytes: Data) -> UInt32 {
  bytes.withUnsafeBytes { UInt32(crc32(0, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32($0.count))) }
}
