import Foundation

/// The bytes of an NPY file with any header, right or wrong, its length before it.
func npyBytes(header: String, version: UInt8 = 1, data: some Sequence<UInt8> = []) -> Data {
  let length =
    version == 1 ? littleEndianBytes([UInt16(header.utf8.count)]) : littleEndianBytes([UInt32(header.utf8.count)])
  return Data([0x93] + Array("NUMPY".utf8) + [version, 0]) + length + Data(header.utf8) + data
}

/// The bytes of a right one.
func npyBytes(descr: String, isFortranOrder: Bool = false, shape: String, data: some Sequence<UInt8> = []) -> Data {
  let order = isFortranOrder ? "True" : "False"
  return npyBytes(header: "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }\n", data: data)
}
