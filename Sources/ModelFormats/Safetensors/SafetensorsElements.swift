import Foundation
import TensorCore

/// The elements of one tensor to be written to a safetensors file, of four bytes each; shared with whom they came from.
enum SafetensorsElements {
  case tensor(Tensor)
  case floats([Float])
  case integers([Int32])

  /// The bytes of every element.
  static let byteCount = 4

  /// How many elements ``littleEndianBytes(from:)`` gives at once.
  static let countPerWrite = Tensor.elementsPerWrite

  var dtype: SafetensorsDType {
    switch self {
    case .tensor, .floats: .f32
    case .integers: .i32
    }
  }

  var shape: Shape {
    switch self {
    case .tensor(let tensor): tensor.shape
    case .floats(let floats): [floats.count]
    case .integers(let integers): [integers.count]
    }
  }

  var count: Int { shape.elementCount }

  /// The bytes of up to ``countPerWrite`` elements from `start`.
  func littleEndianBytes(from start: Int) -> Data {
    switch self {
    case .tensor(let tensor): tensor.littleEndianBytes(from: start)
    case .floats(let floats): Self.bytes(floats[start...].prefix(Self.countPerWrite).map { $0.bitPattern.littleEndian })
    case .integers(let integers): Self.bytes(integers[start...].prefix(Self.countPerWrite).map { $0.littleEndian })
    }
  }

  private static func bytes(_ elements: [some FixedWidthInteger]) -> Data {
    elements.withUnsafeBytes { Data($0) }
  }
}
