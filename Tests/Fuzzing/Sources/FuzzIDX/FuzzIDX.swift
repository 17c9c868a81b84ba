import FuzzSupport
import SparseNN

/// Reads an array of bytes, compressed or not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzIDX(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(start, count) { data in
    let file = try IDXFile(data: data, name: "f")
    precondition(file.elements.count == file.shape.elementCount, "\(file.elements.count) elements of \(file.shape)")
    // A file that is not compressed is its header and its elements.
    let headerCount = 4 + 4 * file.shape.rank
    precondition(data.first == 0x1F || data.dropFirst(headerCount).elementsEqual(file.elements), "other elements")
  }
}
