import FuzzSupport
import SparseNN

/// Reads an image, and makes it grey.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzImage(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(start, count) { data in
    let image = try ImageFile.read(data: data, name: "f")
    precondition(image.pixels.count == image.width * image.height * image.channels, "\(image.pixels.count) bytes")
    precondition(image.grey().pixels.count == image.width * image.height, "grey")
  }
}
