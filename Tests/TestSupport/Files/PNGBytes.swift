import Foundation

/// What the samples of a PNG mean.
package enum PNGColourType: UInt8, Sendable {
  case grey = 0
  case rgb = 2
  case palette = 3
  case greyAlpha = 4
  case rgbAlpha = 6
}

/// A PNG file.
///
/// - Parameters:
///   - rows: the bytes of all rows, each packed as the depth says; no filters.
///   - palette: red, green and blue of each entry.
package func pngBytes(
  width: Int, height: Int, colourType: PNGColourType = .grey, depth: UInt8 = 8, rows: [UInt8], palette: [UInt8] = []
) -> Data {
  let rowCount = height == 0 ? 0 : rows.count / height
  var filtered = Data()
  for row in 0..<height { filtered += [0] + rows[row * rowCount..<(row + 1) * rowCount] }
  let header = bigEndianBytes([UInt32(width), UInt32(height)]) + [depth, colourType.rawValue, 0, 0, 0]
  return pngSignature + pngChunk("IHDR", header) + (palette.isEmpty ? Data() : pngChunk("PLTE", Data(palette)))
    + pngChunk("IDAT", zlibBytes(filtered)) + pngChunk("IEND", Data())
}

/// The bytes that begin a PNG file.
package let pngSignature = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])

/// A part of a PNG file.
package func pngChunk(_ name: String, _ contents: Data) -> Data {
  let checked = Data(name.utf8) + contents
  return bigEndianBytes([UInt32(contents.count)]) + checked + bigEndianBytes([checksum(checked)])
}

/// The bytes of numbers, the highest of each first.
package func bigEndianBytes(_ numbers: [UInt32]) -> Data {
  var data = Data()
  for number in numbers { withUnsafeBytes(of: number.bigEndian) { data.append(contentsOf: $0) } }
  return data
}
