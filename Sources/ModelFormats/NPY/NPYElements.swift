import TensorCore

/// The elements behind an NPY header, converted to `Float` one by one, since nothing aligns them in the file.
struct NPYElements {
  private let header: NPYHeader
  private let bytes: UnsafeRawBufferPointer
  private let file: String

  /// Reads from a file's bytes, header included.
  init(_ header: NPYHeader, bytes: UnsafeRawBufferPointer, file: String) {
    self.header = header
    self.bytes = UnsafeRawBufferPointer(rebasing: bytes[header.dataStart...])
    self.file = file
  }

  /// The tensor of all elements, row-major whatever the order in the file.
  func tensor() throws(FormatError) -> Tensor {
    switch header.dtype.kind {
    case .f2: try read { (bits: UInt16) in Float(bitPattern: HalfPrecision.widenF16(bits)) }
    case .f4: try read { (bits: UInt32) in Float(bitPattern: bits) }
    case .f8: try read(Self.narrowed) { "\(Double(bitPattern: $0)), \(Self.range)" }
    case .i1: try read { (value: Int8) in Float(value) }
    case .i2: try read { (value: Int16) in Float(value) }
    case .i4: try read { (value: Int32) in Float(exactly: value) }
    case .i8: try read { (value: Int64) in Float(exactly: value) }
    case .u1: try read { (value: UInt8) in Float(value) }
    case .u2: try read { (value: UInt16) in Float(value) }
    case .u4: try read { (value: UInt32) in Float(exactly: value) }
    case .u8: try read { (value: UInt64) in Float(exactly: value) }
    case .b1: try read({ (byte: UInt8) in byte > 1 ? nil : Float(byte) }, refusal: { "\($0), expected 0 or 1" })
    }
  }

  private static let range = "expected at most \(Float.greatestFiniteMagnitude) in magnitude"

  /// The nearest `Float`, or nil if that is infinite and the number is not.
  private static func narrowed(_ bits: UInt64) -> Float? {
    let double = Double(bitPattern: bits)
    let float = Float(double)
    return float.isInfinite && double.isFinite ? nil : float
  }

  /// Converts every element; nil from `convert` means that it cannot be, and `refusal` says what it is instead.
  private func read<Bits: FixedWidthInteger>(
    _ convert: (Bits) -> Float?,
    refusal: (Bits) -> String = { "\($0), expected an integer that a Float holds exactly" }
  ) throws(FormatError) -> Tensor {
    var refused: (index: Int, bits: Bits)?
    let tensor = Tensor(uninitialized: header.shape) { elements in
      var lines = Lines(header)
      var next = 0
      while next < elements.count {
        for index in 0..<lines.length {
          let offset = (lines.start + index * lines.stride) * MemoryLayout<Bits>.size
          let raw = bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self)
          let bits = header.dtype.isBigEndian ? Bits(bigEndian: raw) : Bits(littleEndian: raw)
          let converted = convert(bits)
          if converted == nil && refused == nil { refused = (next + index, bits) }
          elements.initializeElement(at: next + index, to: converted ?? 0)
        }
        next += lines.length
        lines.advance()
      }
    }
    if let refused {
      throw FormatError(.badData, file: file, "element \(refused.index) is \(refusal(refused.bits))")
    }
    return tensor
  }
}

extension NPYElements {
  /// Where, in elements of the file, the lines of a tensor stand: the elements that differ in the last index alone.
  /// A tensor in C order is one line.
  private struct Lines {
    let length: Int
    /// From one element of a line to the next.
    let stride: Int
    /// The first element of the current line.
    private(set) var start = 0

    /// The extents and strides of all indices but the last, and the current ones.
    private var outer: [(extent: Int, stride: Int, index: Int)] = []

    init(_ header: NPYHeader) {
      guard header.isFortranOrder, let last = header.shape.dimensions.last, header.shape.elementCount > 0 else {
        (length, stride) = (header.shape.elementCount, 1)
        return
      }
      var stride = 1
      for extent in header.shape.dimensions.dropLast() {
        outer.append((extent, stride, 0))
        stride *= extent
      }
      (length, self.stride) = (last, stride)
    }

    /// Goes to the next line in row-major order.
    mutating func advance() {
      for axis in outer.indices.reversed() {
        outer[axis].index += 1
        start += outer[axis].stride
        if outer[axis].index < outer[axis].extent { return }
        start -= outer[axis].index * outer[axis].stride
        outer[axis].index = 0
      }
    }
  }
}
