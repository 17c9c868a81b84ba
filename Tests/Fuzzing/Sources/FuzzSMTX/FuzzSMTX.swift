import FuzzSupport
import SparseNN

/// Reads a pattern, and writes and reads it again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSMTX(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(start, count) { data in
    let pattern = try SMTXFile.pattern(data: data, name: "f")
    try pattern.checkInvariants()
    let again = try SMTXFile.pattern(data: SMTXFile.data(pattern), name: "again")
    precondition(again == pattern, "written and read back: \(again)")
  }
}
