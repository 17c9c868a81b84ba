/// An element type of the NPY format that can become a `Float`.
struct NPYDType: Equatable {
  /// How an element's bits are to be read; the raw value is NumPy's name of the type.
  enum Kind: String, CaseIterable {
    case f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1
  }

  let kind: Kind
  let isBigEndian: Bool

  /// The bytes of one element.
  var byteCount: Int {
    switch kind {
    case .i1, .u1, .b1: 1
    case .f2, .i2, .u2: 2
    case .f4, .i4, .u4: 4
    case .f8, .i8, .u8: 8
    }
  }

  /// Reads a type such as `<f4`; nil if it is none of ours.
  ///
  /// `|`, no byte order, belongs to types of one byte. `=`, that of the machine which wrote the file, says nothing here.
  init?(_ text: String) {
    guard let order = text.first, let kind = Kind(rawValue: String(text.dropFirst())) else { return nil }
    self.kind = kind
    isBigEndian = order == ">"
    if order != "<" && order != ">" && (order != "|" || byteCount > 1) { return nil }
  }

  /// What a type that is none of ours holds, for messages.
  static func contents(of text: String) -> String {
    switch text.drop(while: { "<>|=".contains($0) }).first {
    case "O": "Python objects"
    case "S", "U", "a": "text"
    case "c": "complex numbers"
    case "V": "structures"
    case "M", "m": "times"
    default: "unknown elements"
    }
  }
}
