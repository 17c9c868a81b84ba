/// The element types of the safetensors format.
///
/// All are recognised, so that a file which also holds tensors of other types opens; only ``isReadable`` ones become a
/// `Tensor`.
public enum SafetensorsDType: String, CaseIterable, Sendable {
  /// A truth value in one byte.
  case bool = "BOOL"
  /// A float of 4 bits, two to a byte.
  case f4 = "F4"
  /// A float of 6 bits with 2 of exponent, packed.
  case f6e2m3 = "F6_E2M3"
  /// A float of 6 bits with 3 of exponent, packed.
  case f6e3m2 = "F6_E3M2"
  /// An unsigned byte.
  case u8 = "U8"
  /// A signed byte.
  case i8 = "I8"
  /// A float of 8 bits with 5 of exponent.
  case f8e5m2 = "F8_E5M2"
  /// A float of 8 bits with 4 of exponent.
  case f8e4m3 = "F8_E4M3"
  /// A float of 8 bits with 5 of exponent, without infinities and negative zero.
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  /// A float of 8 bits with 4 of exponent, without infinities and negative zero.
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  /// A power of two in 8 bits.
  case f8e8m0 = "F8_E8M0"
  /// A signed integer of 16 bits.
  case i16 = "I16"
  /// An unsigned integer of 16 bits.
  case u16 = "U16"
  /// IEEE 754 half precision.
  case f16 = "F16"
  /// The upper half of a single-precision float.
  case bf16 = "BF16"
  /// A signed integer of 32 bits.
  case i32 = "I32"
  /// An unsigned integer of 32 bits.
  case u32 = "U32"
  /// IEEE 754 single precision.
  case f32 = "F32"
  /// A complex number of two single-precision floats.
  case c64 = "C64"
  /// IEEE 754 double precision.
  case f64 = "F64"
  /// A signed integer of 64 bits.
  case i64 = "I64"
  /// An unsigned integer of 64 bits.
  case u64 = "U64"

  /// The size of an element in bits.
  public var bitWidth: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e5m2fnuz, .f8e4m3fnuz, .f8e8m0: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }

  /// Whether every value of the type is exactly a `Float`, and ``SafetensorsFile`` reads it as one.
  public var isReadable: Bool {
    switch self {
    case .f16, .bf16, .f32: true
    default: false
    }
  }
}
