import Foundation
import ModelFormats
import TensorCore

/// The bytes of a safetensors file with any header, right or wrong, its length before it.
func safetensorsBytes(header: String, data: some Sequence<UInt8> = []) -> Data {
  safetensorsBytes(header: Data(header.utf8), data: data)
}

/// The same for a header that need not be text.
func safetensorsBytes(header: Data, data: some Sequence<UInt8> = []) -> Data {
  littleEndianBytes([UInt64(header.count)]) + header + data
}

/// The bytes of numbers in the order of the format.
func littleEndianBytes(_ numbers: some Sequence<some FixedWidthInteger>) -> Data {
  var data = Data()
  for number in numbers { withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) } }
  return data
}

/// The bytes of floats in the order of the format.
func littleEndianBytes(_ numbers: [Float]) -> Data { littleEndianBytes(numbers.map(\.bitPattern)) }

/// A small good file with everything that the format has: free text, escapes, readable and unreadable types, a scalar,
/// a tensor without elements, space between tokens, an order of names that is not that of the data, and data that is
/// not aligned.
let sampleFile = safetensorsBytes(
  header: #"""
    {"second": {"dtype": "F16", "shape": [2], "data_offsets": [24, 28]},
     "__metadata__": {"licence": "a \"b\" \\ \u0041\ud83d\ude00\n", "": ""},
     "first": {"shape": [2, 3], "data_offsets": [0, 24], "dtype": "F32"}, "count":{"dtype":"I64","shape":[],
     "data_offsets":[28,36]}, "none": {"dtype": "BF16", "shape": [3, 0], "data_offsets": [24, 24]}}
    """# + "   ",
  data: littleEndianBytes([1, 2, 3, -4, 0.5, 6] as [Float]) + littleEndianBytes([0x3C00, 0xC000] as [UInt16])
    + littleEndianBytes([7] as [UInt64]))
