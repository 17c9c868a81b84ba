import FuzzSupport
import SparseNN

/// Reads an array, and writes and reads it again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNPY(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(start, count) { data in
    let tensor = try NPYFile.tensor(data: data, name: "f")
    let again = try NPYFile.tensor(data: NPYFile.data(tensor), name: "again")
    precondition(again == tensor, "written and read back: \(again)")
  }
}
