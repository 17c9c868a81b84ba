import Foundation

/// The bytes of an IDX file with any header, right or wrong.
package func idxBytes(_ extents: [UInt32], type: UInt8 = 0x08, _ elements: some Sequence<UInt8>) -> Data {
  Data([0, 0, type, UInt8(extents.count)]) + bigEndianBytes(extents) + elements
}
