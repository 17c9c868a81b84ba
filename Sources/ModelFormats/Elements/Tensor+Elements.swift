import Foundation
import TensorCore

extension Tensor {
  /// How many elements to hand to a file at once, so that the copy of a large tensor's bytes stays small.
  static let elementsPerWrite = 1 << 18

  /// The bytes of up to ``elementsPerWrite`` elements from `start`, little-endian, whatever the processor's order.
  func littleEndianBytes(from start: Int) -> Data {
    withUnsafeBufferPointer { elements in
      // A closure, since a key path of two steps takes thirty times as long.
      let bits = elements[start..<min(start + Self.elementsPerWrite, count)].map { $0.bitPattern.littleEndian }
      return bits.withUnsafeBytes { Data($0) }
    }
  }

  /// Refuses NaN and infinities, by the index of the first.
  func checkFinite(file: String, place: String? = nil) throws(FormatError) {
    try withUnsafeBufferPointer { elements in
      Result { () throws(FormatError) in try FormatError.checkFinite(elements, file: file, place: place) }
    }.get()
  }
}

extension FormatError {
  /// Refuses NaN and infinities, by the index of the first.
  static func checkFinite(
    _ elements: some Collection<Float>, file: String, place: String?
  ) throws(FormatError) {
    guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return }
    let value = elements[index]
    throw FormatError(
      .badData, file: file, place: place,
      "element \(elements.distance(from: elements.startIndex, to: index)) is \(value.isNaN ? "nan" : "\(value)"), expected a finite number"
    )
  }
}
