import Foundation
import TensorCore

/// Reads and writes one array in NumPy's NPY format, as `numpy.load` and `numpy.save` do.
///
///     let weights = try NPYFile.tensor(path: "weights.npy")
///     try NPYFile.write(weights, to: "copy.npy")
///
/// Versions 1.0, 2.0 and 3.0 are read, in C and Fortran order, of either byte order, with elements of the types
///
/// - `f2`, `f4` and `f8`, the last rounded to the nearest `Float`; one beyond the range of `Float` is refused;
/// - `i1` to `i8` and `u1` to `u8`; an integer which no `Float` holds exactly is refused;
/// - `b1`, as 0 and 1.
///
/// Complex numbers, text, objects and structures are refused. So is a file with bytes behind its elements. At most 64
/// extents are read and written, as many as NumPy has.
///
/// The format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
public enum NPYFile {
  /// Reads the array of a file, which is mapped into memory, as a row-major tensor.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - allowingNonfinite: whether the array may hold NaN and infinities.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/noInput`` if the file cannot be read,
  ///   ``FormatError/Kind/badData``, with the byte of the header or the row-major index of the element, if it is not as
  ///   the format and this reader demand.
  /// - Complexity: O(elements), and their `Float`s are allocated: at most four bytes for each of the file's.
  public static func tensor(path: String, allowingNonfinite: Bool = false) throws(FormatError) -> Tensor {
    try tensor(data: InputFile.contents(of: path), name: path, allowingNonfinite: allowingNonfinite)
  }

  /// Reads the array of a file whose bytes are in memory.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - name: what errors call the file.
  ///   - allowingNonfinite: whether the array may hold NaN and infinities.
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData``.
  /// - Complexity: O(elements).
  public static func tensor(
    data: Data, name: String, allowingNonfinite: Bool = false
  ) throws(FormatError) -> Tensor {
    let tensor = try data.withUnsafeBytes { bytes in
      Result { () throws(FormatError) in
        try NPYElements(NPYHeader(bytes, file: name), bytes: bytes, file: name).tensor()
      }
    }.get()
    if !allowingNonfinite { try tensor.checkFinite(file: name) }
    return tensor
  }

  /// Writes a tensor as `numpy.save` writes an array of `float32`: version 1.0, little-endian, C order. The file appears
  /// whole or not at all; see ``AtomicFile``.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/cannotWrite``; of kind ``FormatError/Kind/badData`` if the
  ///   tensor has more than 64 extents.
  public static func write(_ tensor: Tensor, to path: String) throws(FormatError) {
    let header = try encodedHeader(tensor.shape, file: path)
    let file = try AtomicFile(path: path)
    try file.write(header)
    for start in stride(from: 0, to: tensor.count, by: Tensor.elementsPerWrite) {
      try file.write(tensor.littleEndianBytes(from: start))
    }
    try file.commit()
  }

  /// The bytes of the file that ``write(_:to:)`` writes.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if the tensor has more than 64 extents.
  public static func data(_ tensor: Tensor) throws(FormatError) -> Data {
    var data = try encodedHeader(tensor.shape, file: "npy")
    for start in stride(from: 0, to: tensor.count, by: Tensor.elementsPerWrite) {
      data.append(tensor.littleEndianBytes(from: start))
    }
    return data
  }

  private static func encodedHeader(_ shape: Shape, file: String) throws(FormatError) -> Data {
    let (rank, largest) = (shape.rank, NPYHeader.largestRank)
    if rank > largest {
      throw FormatError(.badData, file: file, "tensor has \(rank) extents, expected at most \(largest)")
    }
    return Data(NPYHeader.encoded(shape))
  }
}
